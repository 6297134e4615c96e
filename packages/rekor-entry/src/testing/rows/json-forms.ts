import { decodeUtf8 } from '@tilewright/core/bytes';
import { hashedRekordRequest } from '../build/request-forms.ts';
import { acceptedDigest, type SignedDigest } from '../build/signed-digest.ts';
import type { RequestRow } from '../request-row.ts';
import type { SignatureSupply } from './signature-supply.ts';

const DETAILS = '"PKIX_ECDSA_P256_SHA_256"';
const SNAKE_CASE: Readonly<Record<string, string>> = {
  hashedRekordRequestV002: 'hashed_rekord_request_v002',
  publicKey: 'public_key',
  x509Certificate: 'x509_certificate',
  rawBytes: 'raw_bytes',
  keyDetails: 'key_details',
};

/** ProtoJSON in all the ways in which a client may write one request. About JSON only: no row has a gRPC form. */
export function jsonFormRows(supply: SignatureSupply): RequestRow[] {
  const written = (name: string, change: (json: string) => string, parts = supply.key()): RequestRow => {
    return acceptedDigest(`JSON: ${name}`, parts, { json: change(textOf(parts)) });
  };
  const details = (text: string) => written(`key details as ${text}`, (json) => json.replace(DETAILS, text));
  return [
    written('snake_case names', (json) => renamed(json, Object.keys(SNAKE_CASE))),
    written('snake_case with a certificate', (json) => renamed(json, Object.keys(SNAKE_CASE)), supply.certificate()),
    written('both spellings mixed', (json) => renamed(json, ['rawBytes', 'keyDetails'])),
    details('5'),
    details('5.0'),
    details('0.5e1'),
    details('50E-1'),
    details('"PKIX\\u005FECDSA_P256_SHA_256"'),
    written('URL-safe base64', urlSafe),
    written('base64 without padding', (json) => json.replaceAll('=', '')),
    written('URL-safe base64 without padding', (json) => urlSafe(json).replaceAll('=', '')),
    written('base64 with stray trailing bits', (json) => json.replace(/.(?=="[,}])/, nextCharacter)),
    written('base64 without padding, an escaped line end inside', splitContent, wholeGroups(supply)),
    written('base64 with four escaped line ends behind', (json) => json.replace('="', '=\\r\\n\\r\\n"')),
    written('base64 with escapes', (json) => json.replaceAll('/', '\\/').replaceAll('=', '\\u003d')),
    written('names with escapes', (json) => json.replace('"digest"', '"\\u0064ige\\u0073t"')),
    written('white space everywhere', (json) => json.replaceAll(/[{}:,]/g, ' \t\r\n$& \n')),
    written('white space in front', (json) => ` \r\n\t${json}`),
    written('garbage behind', (json) => `${json}garbage`),
    written('a second value behind', (json) => `${json} {"hashedRekordRequestV002":{}}`),
    written('a zero byte behind', (json) => `${json}\0`),
    written('null for the other verifier', (json) => json.replace('"publicKey"', '"x509Certificate":null,"publicKey"')),
    written('null for the other kind of entry', (json) => json.replace('{', '{"dsse_request_v002":null,')),
    reordered(supply.key()),
  ];
}

function textOf(parts: SignedDigest): string {
  return decodeUtf8(hashedRekordRequest(parts).json);
}

function renamed(json: string, names: readonly string[]): string {
  return names.reduce((text, name) => text.replace(`"${name}"`, `"${SNAKE_CASE[name]}"`), json);
}

// Only base64 holds either symbol.
function urlSafe(json: string): string {
  return json.replaceAll('+', '-').replaceAll('/', '_');
}

// The last character before padding has unused bits, all zero: the next one in the alphabet sets the lowest.
function nextCharacter(char: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet.charAt(alphabet.indexOf(char) + 1);
}

// A line end makes the length no multiple of four: no padding is expected then, and there is none.
function splitContent(json: string): string {
  return json.replace(/"content":".{20}/, '$&\\n');
}

function wholeGroups(supply: SignatureSupply): SignedDigest {
  for (;;) {
    const parts = supply.key();
    if (parts.content.length % 3 === 0) return parts;
  }
}

function reordered(parts: SignedDigest): RequestRow {
  const { hashedRekordRequestV002: request } = JSON.parse(textOf(parts));
  const { publicKey, keyDetails } = request.signature.verifier;
  const signature = { verifier: { keyDetails, publicKey }, content: request.signature.content };
  const json = JSON.stringify({ hashedRekordRequestV002: { signature, digest: request.digest } });
  return acceptedDigest('JSON: fields in another order', parts, { json });
}

import { httpRequest } from '../exchange/http-request.ts';
import type { HttpRow } from '../row.ts';
import { KEY_DETAILS, specJson } from './entry-spec.ts';
import { p256Spec } from './keys.ts';

/** Bodies that exercise protojson: what parses, and what does not. */
export function jsonBodies(): HttpRow[] {
  return [...refusedTexts(), ...refusedValues(), ...acceptedForms(), ...nothingAsked()];
}

/** Not JSON, or JSON that is no such message: the parser's own words come back. */
function refusedTexts(): HttpRow[] {
  const texts: Record<string, string | Uint8Array> = {
    array: '[]',
    null: 'null',
    string: '"x"',
    number: '1',
    true: 'true',
    'open brace': '{',
    'bare word': '{x}',
    'single quotes': "{'a':1}",
    'trailing comma': '{"hashedRekordRequestV002":{},}',
    comment: '{/**/}',
    'unknown field': '{"foo":1}',
    'unknown field inside': '{"hashedRekordRequestV002":{"foo":1}}',
    'unknown field of dsse': '{"dsseRequestV002":{"x":1}}',
    'field in wrong case': '{"HashedRekordRequestV002":{}}',
    'type annotation': '{"@type":"x"}',
    'array for a message': '{"hashedRekordRequestV002":[]}',
    'string for a message': '{"hashedRekordRequestV002":"x"}',
    'both members of the oneof': '{"hashedRekordRequestV002":{},"dsseRequestV002":{}}',
    'duplicate field': '{"hashedRekordRequestV002":{},"hashedRekordRequestV002":{}}',
    'duplicate field in both cases': '{"hashedRekordRequestV002":{},"hashed_rekord_request_v002":{}}',
    'duplicate null field': '{"hashedRekordRequestV002":null,"hashedRekordRequestV002":{}}',
    'byte order mark': '\ufeff{}',
    'vertical tab': '\v{}',
    'UTF-16': Buffer.from('{}', 'utf16le'),
    'bad UTF-8': Buffer.from('{"\xff":1}', 'latin1'),
    'lone surrogate': '{"hashedRekordRequestV002":{"digest":"\\ud800"}}',
    'raw newline in a string': '{"hashedRekordRequestV002":{"digest":"AA\nAA"}}',
    'nested 10,001 deep': `${'{"a":'.repeat(10_001)}`,
  };
  return Object.entries(texts).map(([name, body]) => row(`json/${name}`, body, true));
}

/** Fields whose values do not parse. */
function refusedValues(): HttpRow[] {
  const digest = (value: string): string => `{"hashedRekordRequestV002":{"digest":${value}}}`;
  const details = (value: string): string =>
    `{"hashedRekordRequestV002":{"signature":{"verifier":{"keyDetails":${value}}}}}`;
  const oneof = '{"hashedRekordRequestV002":{"signature":{"verifier":{"publicKey":{},"x509Certificate":{}}}}}';
  const bodies: Record<string, string> = {
    'digest with a star': digest('"*"'),
    'digest of one letter': digest('"A"'),
    'digest with a space': digest('"AA AA"'),
    'digest with an escaped newline': digest('"AA\\nAA"'),
    'digest padded too much': digest('"AAAA="'),
    'digest of both alphabets': digest('"+_AA"'),
    'digest a number': digest('1'),
    'digest an array': digest('[]'),
    'details unknown name': details('"NOPE"'),
    'details in lower case': details('"pkix_ecdsa_p256_sha_256"'),
    'details a fraction': details('5.5'),
    'details over 32 bits': details('4294967296'),
    'details a number in a string': details('"5"'),
    'details true': details('true'),
    'both verifiers': oneof,
  };
  return Object.entries(bodies).map(([name, body]) => row(`json-value/${name}`, body, true));
}

/** Other spellings of one good request, each fresh. */
function acceptedForms(): HttpRow[] {
  const text = (message: string): string => specJson(p256Spec(message));
  const details = (message: string, value: string): string => text(message).replace('"PKIX_ECDSA_P256_SHA_256"', value);
  const urlSafe = text('url safe').replaceAll(/":"([A-Za-z0-9+/=]+)"/g, (_, value: string) => {
    return `":"${value.replaceAll('+', '-').replaceAll('/', '_')}"`;
  });
  const snake: Record<string, string> = {
    hashedRekordRequestV002: 'hashed_rekord_request_v002',
    publicKey: 'public_key',
    rawBytes: 'raw_bytes',
    keyDetails: 'key_details',
  };
  const inSnakeCase = Object.entries(snake).reduce((body, [from, to]) => body.replace(from, to), text('snake case'));
  const bodies: Record<string, string> = {
    'snake case': inSnakeCase,
    'url-safe base64': urlSafe,
    'unpadded base64': text('unpadded').replaceAll(/=+"/g, '"'),
    'stray trailing bits': strayBits(text('stray bits')),
    'details 5': details('details 5', String(KEY_DETAILS.PKIX_ECDSA_P256_SHA_256)),
    'details 5.0': details('details 5.0', '5.0'),
    'details 0.5e1': details('details 0.5e1', '0.5e1'),
    'escaped letters in names': text('escapes').replace('"digest"', '"\\u0064igest"'),
    'escaped slash in base64': text('slashes').replaceAll('/', '\\/'),
    'null for the other member': text('other member').replace(/^\{/, '{"dsseRequestV002":null,'),
    'white space around': ` \t\r\n${text('white space')}\n`,
    'text after the value': `${text('text after')} and more {`,
    'a second value': `${text('second value')}{}`,
  };
  return Object.entries(bodies).map(([name, body]) => row(`json-form/${name}`, body));
}

/** Good JSON that asks for nothing. */
function nothingAsked(): HttpRow[] {
  const bodies: Record<string, string> = {
    'empty object': '{}',
    'null member': '{"hashedRekordRequestV002":null}',
    'empty member': '{"hashedRekordRequestV002":{}}',
    'empty dsse': '{"dsseRequestV002":{}}',
    'dsse null': '{"dsseRequestV002":null}',
    'empty signature': '{"hashedRekordRequestV002":{"signature":{}}}',
    'null verifier': '{"hashedRekordRequestV002":{"signature":{"verifier":null}}}',
    'two values': '{}{}',
    'value and text': '{} x',
    'value and zero byte': '{}\0',
    'white space first': '\n\t {}',
    'only white space': ' \n',
  };
  return Object.entries(bodies).map(([name, body]) => row(`json-nothing/${name}`, body));
}

/** Sets the unused low bits of the digest's last base64 letter. */
function strayBits(body: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return body.replace(/(.)="/, (_, letter: string) => `${alphabet[alphabet.indexOf(letter) + 1]}="`);
}

function row(name: string, body: string | Uint8Array, parserText = false): HttpRow {
  return { kind: 'http', name, request: httpRequest({ body }), parserText };
}

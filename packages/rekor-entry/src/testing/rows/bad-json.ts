import { concatBytes, decodeUtf8, encodeUtf8 } from '@tilewright/core/bytes';
import { hashedRekordRequest } from '../build/request-forms.ts';
import { certifiedDigest, signedDigest } from '../build/signed-digest.ts';
import { badJson, type RequestRow } from '../request-row.ts';

const DETAILS = '"PKIX_ECDSA_P256_SHA_256"';
const GOOD = decodeUtf8(hashedRekordRequest(signedDigest('p256', 0)).json);
const WITH_CERTIFICATE = decodeUtf8(hashedRekordRequest(certifiedDigest('p256', 0)).json);

/** Bodies that are no JSON, or no ProtoJSON of a request. */
export function badJsonRows(): RequestRow[] {
  return [...syntaxRows(), ...fieldRows(), ...valueRows(), ...stringRows()];
}

const changed = (name: string, from: string | RegExp, to: string): RequestRow =>
  badJson(
    `bad JSON: ${name}`,
    GOOD.replace(from, () => to),
  );
const bad = (name: string, json: string | Uint8Array): RequestRow => badJson(`bad JSON: ${name}`, json);

function syntaxRows(): RequestRow[] {
  return [
    bad('null', 'null'),
    bad('a number', '5'),
    bad('a string', '"x"'),
    bad('an array', '[]'),
    bad('the request in an array', `[${GOOD}]`),
    bad('cut short', GOOD.slice(0, -1)),
    bad('cut inside a string', GOOD.slice(0, 60)),
    bad('an opening brace', '{'),
    bad('a byte order mark', concatBytes(Uint8Array.of(0xef, 0xbb, 0xbf), encodeUtf8(GOOD))),
    bad('a zero byte in front', `\0${GOOD}`),
    bad('form data', `request=${GOOD}`),
    bad('single quotes', GOOD.replaceAll('"', "'")),
    bad('names without quotes', '{hashedRekordRequestV002:{}}'),
    bad('a comment', `/* */${GOOD}`),
    bad('nested 10,001 deep', '['.repeat(10_001) + ']'.repeat(10_001)),
    changed('a comma too many', '}}}', '},}}'),
    changed('a comma missing', '","signature"', '""signature"'),
    changed('a colon missing', '"digest":', '"digest"'),
    changed('a name without a value', '"digest":', '"digest":,"x":'),
    changed('a leading zero', DETAILS, '05'),
    changed('a plus sign', DETAILS, '+5'),
    changed('a point without a fraction', DETAILS, '5.'),
    changed('an exponent without digits', DETAILS, '5e'),
    changed('hexadecimal', DETAILS, '0x5'),
    changed('NaN', DETAILS, 'NaN'),
  ];
}

function fieldRows(): RequestRow[] {
  return [
    changed('an unknown field at the top', '{', '{"x":1,'),
    changed('an unknown field of null', '{', '{"x":null,'),
    changed('an unknown field inside', '"digest"', '"sha256":"","digest"'),
    changed('a name in other case', '"digest"', '"Digest"'),
    changed('an extension', '{', '{"[a.b]":1,'),
    changed('the old name of the request', 'hashedRekordRequestV002', 'hashedRekordRequestV0_0_2'),
    changed('a field twice', '"digest"', '"digest":"AA==","digest"'),
    changed('a field twice, once null', '"digest"', '"digest":null,"digest"'),
    changed('a field in both spellings', '"keyDetails"', '"key_details":5,"keyDetails"'),
    changed('a message twice', '"publicKey"', '"publicKey":{},"publicKey"'),
    changed('the request twice', '{', '{"hashedRekordRequestV002":{},'),
    changed('both kinds of entry', '{', '{"dsseRequestV002":{},'),
    changed('both verifiers', '"publicKey"', '"x509Certificate":{},"publicKey"'),
    bad('both verifiers, the key behind', WITH_CERTIFICATE.replace('"keyDetails"', '"publicKey":{},"keyDetails"')),
  ];
}

function valueRows(): RequestRow[] {
  return [
    changed('a string for a message', /\{"digest".*\}(?=\}$)/, '"x"'),
    changed('an array for a message', /\{"rawBytes":"[^"]*"\}/, '[]'),
    changed('a number for bytes', /"digest":"[^"]*"/, '"digest":5'),
    changed('an object for bytes', /"digest":"[^"]*"/, '"digest":{}'),
    changed('true for bytes', /"digest":"[^"]*"/, '"digest":true'),
    changed('one character of base64', /"digest":"[^"]*"/, '"digest":"A"'),
    changed('hexadecimal digits with a colon for base64', /"digest":"[^"]*"/, '"digest":"aa:bb"'),
    changed('a space in base64', '"digest":"', '"digest":" '),
    changed('a space behind base64', '="', '= "'),
    changed('an escaped line end in padded base64', '="', '\\n="'),
    changed('padding in the middle', '"digest":"', '"digest":"AA=='),
    changed('padding alone', /"digest":"[^"]*"/, '"digest":"===="'),
    changed('too little padding', '=="', '="'),
    changed('too much padding', '="', '==="'),
    changed('both alphabets', '"digest":"', '"digest":"-_+/'),
    changed('key details as text of a number', DETAILS, '"5"'),
    changed('key details as 5.5', DETAILS, '5.5'),
    changed('key details as 2^31', DETAILS, '2147483648'),
    changed('key details as 2^32', DETAILS, '4294967296'),
    changed('key details as 5e-1', DETAILS, '5e-1'),
    changed('key details as 1e400', DETAILS, '1e400'),
    changed('key details in lower case', DETAILS, DETAILS.toLowerCase()),
    changed('key details of no name', DETAILS, '"PKIX_ECDSA_P256"'),
    changed('key details as an empty text', DETAILS, '""'),
    changed('key details as true', DETAILS, 'true'),
    changed('key details as an array', DETAILS, '[5]'),
  ];
}

function stringRows(): RequestRow[] {
  const beforeDigest = encodeUtf8(GOOD.slice(0, GOOD.indexOf('"digest":"') + 10));
  const rest = encodeUtf8(GOOD.slice(beforeDigest.length));
  const inDigest = (...bytes: number[]) => concatBytes(beforeDigest, Uint8Array.from(bytes), rest);
  return [
    bad('a raw line end in a string', inDigest(0x0a)),
    bad('a raw tab in a string', inDigest(0x09)),
    bad('invalid UTF-8 in a string', inDigest(0xff)),
    bad('a surrogate in UTF-8', inDigest(0xed, 0xa0, 0x80)),
    bad('text beyond ASCII for base64', inDigest(0xc3, 0xa9)),
    changed('an unknown escape', '"digest":"', '"digest":"\\x41'),
    changed('a cut \\u escape', '"digest":"', '"digest":"\\u00"'),
    changed('a lone surrogate escape', '"digest":"', '"digest":"\\ud800'),
    changed('a surrogate pair for base64', '"digest":"', '"digest":"\\ud83d\\ude00'),
    changed('an escaped zero in a name', '"digest"', '"digest\\u0000"'),
  ];
}

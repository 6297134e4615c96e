// What x509.ParseCertificate of Go 1.26 says, asked once for each row.
import { concatBytes, decodeHex, encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { constructedContextTag, contextTag, Tag } from '../der/der-reader.ts';
import { derElement } from '../der/der-writer.ts';
import { EntryError } from '../entry-error.ts';
import { altName, type CertificateParts, certificate, extension, utcTime } from '../testing/build/certificates.ts';
import { spkiOf } from '../testing/build/fixture-bytes.ts';
import { parseCertificateKey } from './parse-certificate.ts';

function taken(parts: Partial<CertificateParts>): void {
  expect(parseCertificateKey(certificate({ spki: spkiOf('p256'), ...parts }))).toMatchObject({ kind: 'ecdsa' });
}

function refused(parts: Partial<CertificateParts>): void {
  const der = certificate({ spki: spkiOf('p256'), ...parts });
  expectCode(() => parseCertificateKey(der), EntryError, 'malformed-key');
}

const uri = (text: string) => ({ extensions: [altName(6, text)] });

// biome-ignore format: a row of a table
const GOOD_URIS = [
  '', '*', '*a', '?', '#', '#%41', 'https://example.com/a', 'http://a:80', 'http://a:80:90', 'x://a:b:90', 'mailto:a@b',
  'urn:x:y', 'x:%zz', '/rel', '//host/x', '///x', 'rel', 'a:b', 'a/b:c', 'a?b:c', '%41', 'http://[::1]/',
  'http://[::1]:8/', 'http://[fe80::1%25en0]/', 'http://[::1.2.3.4]/', 'http://[1:2:3:4:5:6:7:8]/', 'http://a]b/',
  'http://u:p@h/', 'http://x@y@z/', 'http://u%20@h/', 'http://h/?%zz', 'http://%25/', 'http://a%2541/', 'http:///x',
  'http://', 'http://a"<>b/', 'http://a:/', 'HTTP://a:1:2/', 'h+t.t-p://a', "http://a~b_c!$&'()*+,;=/",
  'spiffe://trust.domain/path', 'https://github.com/a/b/.github/workflows/x.yml@refs/heads/main',
];
// biome-ignore format: a row of a table
const BAD_URIS = [
  '#%zz', 'http://a:b', '1a:b', 'a b:c', ':x', 'a%3ab:c', '%zz', '/%zz', '/%', 'http://[::1]a', 'http://[::1',
  'http://[fe80::1%25]/', 'http://[fe80::1%25e%20n]/', 'http://[fe80::1%en0]/', 'http://[1.2.3.4]/',
  'http://[1:2:3:4:5:6:7::8]/', 'http://[12345::]/', 'http://[1::2::3]/', 'http://[:1]/', 'http://[]/', 'http://[[::1]/',
  'http://[::1]]/', 'http://a[b/', 'http://u p@h/', 'http://u%2@h/', 'http://h/%zz', 'http://h/?#%zz', 'http://%41/',
  'http://%80/', 'http://a:%38/', 'http://a..b/', 'http://a./', 'http://.a/', 'http://a b/', 'http://a|b/',
  'http://a\\b/', '-h://a', 'a\x01b', 'a\x7f',
];
test.each(GOOD_URIS)('the URI %j is taken', (text) => taken(uri(text)));
test.each(BAD_URIS)('the URI %j is refused', (text) => refused(uri(text)));

const generalized = (text: string) => derElement(Tag.generalizedTime, encodeUtf8(text));
// biome-ignore format: a row of a table
const GOOD_UTC_TIMES = [
  '250101000000Z', '991231235959Z', '690101000000Z', '680229000000Z', '2501010000Z', '250101000000+0100',
  '250101000000-2400', '250101000000+2459', '240229000000Z', '000229000000Z',
];
// biome-ignore format: a row of a table
const BAD_UTC_TIMES = [
  '250101000000+0000', '250101000000-0000', '250101000000+2500', '250101000000+0060', '250229000000Z', '250431000000Z',
  '251301000000Z', '250001000000Z', '250100000000Z', '250101240000Z', '250101006000Z', '250101000060Z', '250101000000',
  '250101000000.5Z', '25010100000Z', '250101000000z', '', '20250101000000Z', '250101000000ZZ', ' 250101000000Z',
  '250101000000+01:00',
];
// biome-ignore format: a row of a table
const GOOD_GENERALIZED_TIMES = [
  '20250101000000Z', '99991231235959Z', '00000101000000Z', '00000229000000Z', '20000229000000Z', '20240229000000Z',
  '20250101000000+0130',
];
// biome-ignore format: a row of a table
const BAD_GENERALIZED_TIMES = [
  '19000229000000Z', '20250229000000Z', '20250101000000.1Z', '202501010000Z', '20250101000000-0000', '20250101000000',
  '250101000000Z',
];
test.each(GOOD_UTC_TIMES)('the UTCTime %j is taken', (text) => taken({ notBefore: utcTime(text) }));
test.each(BAD_UTC_TIMES)('the UTCTime %j is refused', (text) => refused({ notAfter: utcTime(text) }));
test.each(GOOD_GENERALIZED_TIMES)('the GeneralizedTime %j is taken', (text) => taken({ notAfter: generalized(text) }));
test.each(BAD_GENERALIZED_TIMES)('the GeneralizedTime %j is refused', (text) => {
  refused({ notBefore: generalized(text) });
});

/** A NameConstraints extension with one permitted subtree. */
function constraint(kind: number, base: Uint8Array): Partial<CertificateParts> {
  const subtree = derElement(Tag.sequence, derElement(contextTag(kind), base));
  return { extensions: [extension('551d1e', derElement(Tag.sequence, derElement(constructedContextTag(0), subtree)))] };
}

const EMAIL = 1;
const DNS = 2;
const URI = 6;
// biome-ignore format: a row of a table
const GOOD_CONSTRAINTS: readonly [number, string][] = [
  [EMAIL, 'a@b'], [EMAIL, ''], [EMAIL, 'a'], [EMAIL, '.a'], [EMAIL, 'a@'], [EMAIL, 'a\\@b@c'], [EMAIL, 'a\\'],
  [EMAIL, '"a b"@c'], [EMAIL, '"\\""@x'], [EMAIL, '""@a'], [EMAIL, '"\\\t"@x'], [DNS, 'a.b'], [DNS, '.a.b'], [DNS, ''],
  [URI, 'a.b'], [URI, '.a'], [URI, '01.2.3.4'], [URI, '1.2.3'], [URI, '256.1.1.1'], [URI, '1:2'],
  [URI, 'fe80::1%en0'], [URI, '[::1]'], [URI, 'a:b'], [URI, '1:2:3:4:5:1.2.3.4'],
];
// biome-ignore format: a row of a table
const BAD_CONSTRAINTS: readonly [number, string][] = [
  [EMAIL, 'a..b'], [EMAIL, '@a'], [EMAIL, 'a@.b'], [EMAIL, 'a@b.'], [EMAIL, 'a..b@c'], [EMAIL, '.a@b'], [EMAIL, 'a.@b'],
  [EMAIL, '"a@c'], [EMAIL, '"\n"@x'], [EMAIL, '"\t"@x'], [EMAIL, 'a(b@c'], [EMAIL, '"a"b@c'], [EMAIL, 'a b@c'],
  [EMAIL, 'a@b c'], [DNS, '.'], [DNS, 'a.'], [DNS, 'a..b'], [DNS, 'a b'], [DNS, '..a'], [DNS, 'é'], [URI, '1.2.3.4'],
  [URI, '::1'], [URI, '1::'], [URI, '::'], [URI, '1:2:3:4:5:6:7:8'], [URI, '::ffff:1.2.3.4'],
  [URI, '1:2:3:4:5:6:1.2.3.4'],
];
const GOOD_MASKS = ['0a000000ff000000', '0a000000ffffffff', '0a000000fffffffe', '0a00000000000000', '00'.repeat(32)];
const BAD_MASKS = ['0a000000ff00ff00', '0a000000', '0a000000fe000001', `${'00'.repeat(31)}0f`];
test.each(GOOD_CONSTRAINTS)('the constraint [%i] %j is taken', (kind, text) =>
  taken(constraint(kind, encodeUtf8(text))),
);
test.each(BAD_CONSTRAINTS)('the constraint [%i] %j is refused', (kind, text) => {
  refused(constraint(kind, encodeUtf8(text)));
});
test.each(GOOD_MASKS)('the address and mask %s is taken', (hex) => taken(constraint(7, decodeHex(hex))));
test.each(BAD_MASKS)('the address and mask %s is refused', (hex) => refused(constraint(7, decodeHex(hex))));

test('what lies behind known elements, inside their sequence, is ignored', () => {
  const usage = extension('551d0f', concatBytes(decodeHex('03020780'), decodeHex('0500')));
  taken({ extensions: [usage] });
});

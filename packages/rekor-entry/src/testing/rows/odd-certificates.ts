import { concatBytes, decodeHex, encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { constructedContextTag, contextTag, Tag } from '../../der/der-reader.ts';
import { derElement, derUnsigned } from '../../der/der-writer.ts';
import { altName, type CertificateParts, certificate, commonName, extension, utcTime } from '../build/certificates.ts';
import { spkiOf } from '../build/fixture-bytes.ts';
import { hashedRekordRequest } from '../build/request-forms.ts';
import { acceptedDigest, type SignedDigest, signedDigest } from '../build/signed-digest.ts';
import { type RequestRow, refused } from '../request-row.ts';
import type { SignatureSupply } from './signature-supply.ts';

const ZERO = Uint8Array.of(0);
const NULL = decodeHex('0500');
const EMPTY = new Uint8Array(0);

const sequence = (...content: Uint8Array[]) => derElement(Tag.sequence, ...content);
const text = (tag: number, value: string) => commonName(value, tag);
const version = (number: number) => derElement(constructedContextTag(0), derUnsigned(Uint8Array.of(number)));
const generalized = (value: string) => derElement(Tag.generalizedTime, encodeUtf8(value));

type Change = readonly [name: string, parts: Partial<CertificateParts>];

/** Certificates unlike Fulcio's that are taken: only what Go's parser demands counts. */
export function goodCertificateRows(supply: SignatureSupply): RequestRow[] {
  const changes: Change[] = [
    ['version 1', { version: EMPTY, extensions: [] }],
    ['version 2', { version: version(1), extensions: [] }],
    ['expired long ago', { notBefore: utcTime('700101000000Z'), notAfter: utcTime('700101000001Z') }],
    [
      'times in generalized form',
      { notBefore: generalized('20500101000000Z'), notAfter: generalized('99991231235959Z') },
    ],
    ['a time without seconds', { notBefore: utcTime('2501010000Z') }],
    ['a time with an offset', { notBefore: utcTime('250101000000+0130') }],
    ['an empty issuer', { issuer: sequence() }],
    ['an issuer in T.61', { issuer: commonName(Uint8Array.of(0xe9), Tag.t61String) }],
    ['an issuer in UCS-2', { issuer: commonName(decodeHex('00410042'), Tag.bmpString) }],
    ['an asterisk in a printable string', { issuer: text(Tag.printableString, '*.example & co') }],
    ['an unknown critical extension', { extensions: [extension('2a03', ZERO, true)] }],
    ['an odd signature algorithm', { algorithm: sequence(derElement(Tag.oid, decodeHex('2a03')), NULL) }],
    ['a long serial number', { serial: derUnsigned(new Uint8Array(40).fill(1)) }],
    ['a signature without bits', { signature: derElement(Tag.bitString, ZERO) }],
    ['an email', { extensions: [altName(1, 'someone@example.com')] }],
    ['an address of a host', { extensions: [altName(6, 'spiffe://host:8080/ns/x?y#z')] }],
  ];
  return changes.map(([name, parts]) => {
    const { digest, content } = supply.key();
    const x509Certificate = certificate({ spki: spkiOf('p256'), ...parts });
    const verifier = { x509Certificate, keyDetails: 'PKIX_ECDSA_P256_SHA_256' } as const;
    return acceptedDigest(`certificate: ${name}`, { digest, content, verifier } satisfies SignedDigest);
  });
}

/** Certificates that cannot be parsed. */
export function badCertificateRows(): RequestRow[] {
  const spki = spkiOf('p256');
  const good = certificate({ spki });
  const pem = `-----BEGIN CERTIFICATE-----\n${encodeBase64(good)}\n-----END CERTIFICATE-----\n`;
  return [
    certificateRow('one byte', ZERO),
    certificateRow('PEM', encodeUtf8(pem)),
    certificateRow('a public key', spki),
    certificateRow('cut short', good.subarray(0, -1)),
    certificateRow('a byte behind', concatBytes(good, ZERO)),
    certificateRow('twice', concatBytes(good, good)),
    certificateRow('indefinite length', concatBytes(Uint8Array.of(0x30, 0x80), good.subarray(4), ZERO, ZERO)),
    ...[...badFields(), ...badExtensions()].map(([name, parts]) => {
      return certificateRow(name, certificate({ spki, ...parts }));
    }),
  ];
}

function certificateRow(name: string, x509Certificate: Uint8Array): RequestRow {
  const { digest, content } = signedDigest('p256', 0);
  const verifier = { x509Certificate, keyDetails: 'PKIX_ECDSA_P256_SHA_256' } as const;
  return refused(`certificate: ${name}`, hashedRekordRequest({ digest, content, verifier }), 'malformed-key');
}

function badFields(): Change[] {
  const point = spkiOf('p256').subarray(26);
  return [
    ['version 4', { version: version(3) }],
    [
      'a negative version',
      { version: derElement(constructedContextTag(0), derElement(Tag.integer, Uint8Array.of(0xff))) },
    ],
    ['a negative serial number', { serial: derElement(Tag.integer, Uint8Array.of(0x80)) }],
    ['a serial number that is not minimal', { serial: derElement(Tag.integer, ZERO, Uint8Array.of(1)) }],
    ['an empty serial number', { serial: derElement(Tag.integer) }],
    ['two signature algorithms', { outerAlgorithm: sequence(derElement(Tag.oid, decodeHex('2a8648ce3d040303'))) }],
    ['a compressed point', { spki: compressed(point) }],
    ['a point not on the curve', { spki: concatBytes(spkiOf('p256').subarray(0, 90), ZERO) }],
    ['an issuer that is not ASCII in a printable string', { issuer: text(Tag.printableString, 'é') }],
    ['an underscore in a printable string', { issuer: text(Tag.printableString, 'a_b') }],
    ['an issuer of invalid UTF-8', { issuer: commonName(Uint8Array.of(0xff)) }],
    ['an issuer of a surrogate in UCS-2', { issuer: commonName(decodeHex('d800'), Tag.bmpString) }],
    ['an issuer of another type', { issuer: commonName('x', Tag.octetString) }],
    ['a day that does not exist', { notBefore: utcTime('250229000000Z') }],
    ['a time without a zone', { notBefore: utcTime('250101000000') }],
    ['a time with a zero offset', { notBefore: utcTime('250101000000+0000') }],
    ['a time with a fraction', { notBefore: generalized('20250101000000.5Z') }],
    ['a time of another type', { notBefore: derElement(Tag.utf8String, encodeUtf8('250101000000Z')) }],
    ['a signature of another type', { signature: derElement(Tag.octetString, ZERO) }],
    ['an empty signature', { signature: derElement(Tag.bitString) }],
  ];
}

function compressed(point: Uint8Array): Uint8Array {
  const encoded = concatBytes(Uint8Array.of(2 + ((point[64] ?? 0) % 2)), point.subarray(1, 33));
  return concatBytes(decodeHex('3039301306072a8648ce3d020106082a8648ce3d030107032200'), encoded);
}

function badExtensions(): Change[] {
  const usage = extension('551d0f', decodeHex('03020780'));
  const withValue = (name: string, oid: string, value: Uint8Array, critical = false): Change => [
    name,
    { extensions: [extension(oid, value, critical)] },
  ];
  const names = (tag: number, value: Uint8Array) => sequence(derElement(tag, value));
  return [
    ['an extension twice', { extensions: [usage, usage] }],
    ['an extension without a value', { extensions: [sequence(derElement(Tag.oid, decodeHex('2a03')))] }],
    ['a critical flag of 01', { extensions: [sequence(decodeHex('06022a03010101'), derElement(Tag.octetString))] }],
    withValue('a key usage that is no bit string', '551d0f', NULL),
    withValue('basic constraints that are no sequence', '551d13', NULL),
    withValue('a negative path length', '551d13', sequence(derElement(Tag.integer, Uint8Array.of(0xff)))),
    withValue('a critical subject key id', '551d0e', derElement(Tag.octetString), true),
    withValue('a critical authority key id', '551d23', sequence(), true),
    withValue('alternative names cut short', '551d11', decodeHex('30028205')),
    withValue('a domain that is not ASCII', '551d11', names(contextTag(2), encodeUtf8('é'))),
    withValue('an IP address of five bytes', '551d11', names(contextTag(7), new Uint8Array(5))),
    withValue('a URI with a bad escape', '551d11', names(contextTag(6), encodeUtf8('https://example.com/%zz'))),
    withValue(
      'a URI with a port that is no number',
      '551d11',
      names(contextTag(6), encodeUtf8('https://example.com:x/')),
    ),
    withValue('a URI with a space in its host', '551d11', names(contextTag(6), encodeUtf8('https://a b/'))),
    withValue('a URI that ends in a dot', '551d11', names(contextTag(6), encodeUtf8('https://example.com./'))),
    withValue('empty name constraints', '551d1e', sequence()),
    withValue('a policy twice', '551d20', sequence(sequence(decodeHex('06022a03')), sequence(decodeHex('06022a03')))),
    withValue('usages that are no identifiers', '551d25', sequence(NULL)),
    withValue('critical authority information', '2b06010505070101', sequence(), true),
  ];
}

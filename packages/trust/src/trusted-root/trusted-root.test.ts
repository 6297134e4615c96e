import { generateKeyPairSync } from 'node:crypto';
import { sha256 } from '@tilewright/core/hash';
import { noteKeyHash } from '@tilewright/core/note';
import { expectCode } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { TrustError, type TrustErrorCode } from '../trust-error.ts';
import { trustedRootWarnings } from '../warnings.ts';
import { formatTrustedRoot } from './format-trusted-root.ts';
import { type LogInput, makeTrustedRoot } from './make-trusted-root.ts';
import { parseTrustedRoot } from './parse-trusted-root.ts';

const VALID_FOR = { start: '2025-01-01T00:00:00Z' };
const ED25519 = spkiOf(generateKeyPairSync('ed25519').publicKey);
const P256 = spkiOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey);
const CERTIFICATE = new Uint8Array([0x30, 0x03, 0x02, 0x01, 0x00]);

const REKOR = tlog('http://rekor.localhost', 'rekor.localhost');

const FULL = makeTrustedRoot({
  tlogs: [REKOR],
  certificateAuthorities: [authority('http://fulcio.localhost')],
  ctlogs: [
    {
      baseUrl: 'http://ct.localhost',
      spki: P256,
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      logId: sha256(P256),
      validFor: VALID_FOR,
    },
  ],
  timestampAuthorities: [authority('http://tsa.localhost/api/v1/timestamp')],
});

test('the document has the pinned media type and the documented field order', () => {
  const text = formatTrustedRoot(FULL);
  expect(text.endsWith('}\n')).toBe(true);
  expect(
    text.startsWith('{\n  "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",\n  "tlogs": ['),
  ).toBe(true);
  const keys = [...text.matchAll(/"(\w+)":/g)].map((match) => match[1]);
  const log = 'baseUrl hashAlgorithm publicKey rawBytes keyDetails validFor start logId keyId';
  const ca = 'subject organization commonName uri certChain certificates rawBytes rawBytes validFor start';
  expect(keys.join(' ')).toBe(
    `mediaType tlogs ${log} certificateAuthorities ${ca} ctlogs ${log} timestampAuthorities ${ca}`,
  );
});

test('parsing and formatting are inverse', () => {
  const text = formatTrustedRoot(FULL);
  expect(parseTrustedRoot(text)).toEqual(FULL);
  expect(formatTrustedRoot(parseTrustedRoot(new TextEncoder().encode(text)))).toBe(text);
});

test('times are kept as text, and a Date is written in UTC with seconds', () => {
  const end = new Date('2026-05-06T07:08:09.123Z');
  const start = '2025-01-01T00:00:00.123456789+01:00';
  const root = makeTrustedRoot({ tlogs: [{ ...REKOR, validFor: { start, end } }] });
  expect(root.tlogs[0]?.publicKey.validFor).toEqual({ start, end: '2026-05-06T07:08:09Z' });
});

const KINDS = [
  ['PKIX_ECDSA_P384_SHA_384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey],
  ['PKIX_ECDSA_P521_SHA_512', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey],
  ['PKIX_RSA_PKCS1V15_2048_SHA256', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey],
  ['PKIX_RSA_PKCS1V15_3072_SHA256', () => generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey],
] as const;

test.each(KINDS)('a key of the kind %s is accepted as that and as nothing else', (keyDetails, make) => {
  const spki = spkiOf(make());
  const log = { ...REKOR, spki, keyDetails, logId: sha256(spki) };
  expect(makeTrustedRoot({ tlogs: [log] }).tlogs[0]?.publicKey.keyDetails).toBe(keyDetails);
  for (const other of [
    'PKIX_ED25519',
    'PKIX_ECDSA_P256_SHA_256',
    'PKIX_RSA_PKCS1V15_4096_SHA256',
    'PKCS1_RSA_PKCS1V5',
  ]) {
    expectCode(() => makeTrustedRoot({ tlogs: [{ ...log, keyDetails: other }] }), TrustError, 'key-mismatch');
  }
});

test('the legacy PKCS#1 kind of an old CT log parses', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const spki = Uint8Array.from(publicKey.export({ type: 'pkcs1', format: 'der' }));
  const ctlogs = [{ ...REKOR, spki, keyDetails: 'PKCS1_RSA_PKCS1V5', logId: sha256(spki) }];
  expect(makeTrustedRoot({ ctlogs }).ctlogs).toHaveLength(1);
});

const BROKEN: readonly [TrustErrorCode, string, (text: string) => string][] = [
  ['missing-field', 'mediaType', (t) => t.replace(/ {2}"mediaType".*\n/, '')],
  ['unsupported', 'mediaType', (t) => t.replace('version=0.1', 'version=0.2')],
  ['unknown-field', '', (t) => t.replace('"ctlogs"', '"ct_logs"')],
  ['unknown-field', 'tlogs[0]', (t) => t.replace('"logId"', '"operator": "me", "logId"')],
  ['unknown-field', 'tlogs[0].publicKey', (t) => t.replace('"rawBytes"', '"raw_bytes"')],
  ['missing-field', 'tlogs[0].baseUrl', (t) => t.replace(/ *"baseUrl".*\n/, '')],
  ['bad-value', 'tlogs[0].baseUrl', (t) => t.replace('http://rekor.localhost', 'rekor.localhost')],
  ['bad-value', 'tlogs[0].baseUrl', (t) => t.replace('http://rekor.localhost', 'http://rekor.localhost?x')],
  ['bad-value', 'tlogs[0].baseUrl', (t) => t.replace('http://rekor.localhost', 'http://u@rekor.localhost')],
  ['unsupported', 'tlogs[0].hashAlgorithm', (t) => t.replace('SHA2_256', 'SHA2_512')],
  ['unsupported', 'tlogs[0].publicKey.keyDetails', (t) => t.replace('PKIX_ED25519', 'PKIX_ED448')],
  ['unsupported', 'tlogs[0].publicKey.keyDetails', (t) => t.replace('PKIX_ED25519', 'toString')],
  ['key-mismatch', 'tlogs[0].publicKey.rawBytes', (t) => t.replace('PKIX_ED25519', 'PKIX_ECDSA_P256_SHA_256')],
  ['bad-value', 'tlogs[0].publicKey.rawBytes', (t) => t.replace('"rawBytes": "M', '"rawBytes": "-')],
  ['bad-value', 'tlogs[0].logId.keyId', (t) => t.replace(/("keyId": ")[^"]*/, '$1AAAA')],
  ['malformed', 'tlogs[0].logId.keyId', (t) => t.replace(/("keyId": )"[^"]*"/, '$17')],
  ['malformed', 'tlogs[0].logId.keyId', (t) => t.replace(/("keyId": )"[^"]*"/, '$1null')],
  ['bad-value', 'tlogs[0].publicKey.validFor.start', (t) => t.replace('2025-01-01T', '2025-02-30T')],
  ['missing-field', 'tlogs[0].publicKey.validFor.start', (t) => t.replace(/"start": "[^"]*"/, '')],
  [
    'bad-value',
    'tlogs[0].publicKey.validFor',
    (t) => t.replace(/("start": "[^"]*")/, '$1, "end": "2024-01-01T00:00:00Z"'),
  ],
  ['duplicate', 'tlogs[0].baseUrl', (t) => t.replace('"baseUrl"', '"baseUrl": "http://a.example", "baseUrl"')],
  ['malformed', 'tlogs', (t) => JSON.stringify({ ...JSON.parse(t), tlogs: {} })],
  [
    'bad-value',
    'certificateAuthorities[0].certChain.certificates[0].rawBytes',
    (t) => t.replaceAll('MAMCAQA=', 'MAMCAQAA'),
  ],
  [
    'missing-field',
    'certificateAuthorities[0].certChain.certificates',
    (t) => t.replace(/"certificates": \[[^\]]*\]/, '"certificates": []'),
  ],
];

test.each(BROKEN)('%s at %s', (code, path, breakIt) => {
  const text = breakIt(formatTrustedRoot(FULL));
  expectCode(() => parseTrustedRoot(text), TrustError, code);
  expect(() => parseTrustedRoot(text)).toThrow(expect.objectContaining({ path }));
});

test('the same log or authority twice is refused, with the place of both', () => {
  expect(() => makeTrustedRoot({ tlogs: [REKOR, REKOR] })).toThrow(/tlogs\[1\]: same log id as tlogs\[0\]/);
  const twice = [authority('http://a.example'), authority('http://a.example')];
  expectCode(() => makeTrustedRoot({ timestampAuthorities: twice }), TrustError, 'duplicate');
});

test('the maker removes a trailing slash and wants a URL for an authority', () => {
  expect(makeTrustedRoot({ tlogs: [{ ...REKOR, baseUrl: 'http://rekor.localhost/' }] }).tlogs[0]?.baseUrl).toBe(
    'http://rekor.localhost',
  );
  expectCode(() => makeTrustedRoot({ certificateAuthorities: [authority('fulcio.local')] }), TrustError, 'bad-value');
  expectCode(
    () => makeTrustedRoot({ tlogs: [{ ...REKOR, validFor: { start: new Date(Number.NaN) } }] }),
    TrustError,
    'bad-value',
  );
});

test('warnings name what breaks clients', () => {
  const codes = (log: LogInput, origin?: string) =>
    trustedRootWarnings(makeTrustedRoot({ tlogs: [log] }), [origin]).map((w) => w.code);
  expect(codes(REKOR, 'rekor.localhost')).toEqual([]);
  expect(codes(REKOR, 'other')).toEqual(['origin-mismatch']);
  expect(codes(tlog('http://rekor.localhost:3000', 'rekor.localhost:3000'))).toEqual([
    'log-id-mismatch',
    'port-in-url',
  ]);
  expect(codes(tlog('http://rekor.localhost/log', 'rekor.localhost'))).toEqual(['path-in-url']);
  expect(codes(tlog('http://[::1]', '::1'), '::1')).toEqual([]);
});

function tlog(baseUrl: string, origin: string): LogInput {
  return {
    baseUrl,
    spki: ED25519,
    keyDetails: 'PKIX_ED25519',
    logId: noteKeyHash(origin, 0x01, ED25519.subarray(12)),
    validFor: VALID_FOR,
  };
}

function authority(uri: string) {
  const subject = { organization: 'o', commonName: 'c' };
  return { subject, uri, certChain: [CERTIFICATE, CERTIFICATE], validFor: VALID_FOR };
}

function spkiOf(key: ReturnType<typeof generateKeyPairSync>['publicKey']): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
}

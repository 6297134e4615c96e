import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { toBinary } from '@bufbuild/protobuf';
import { encodeBase64, encodeUtf8 } from '@tilewright/core/bytes';
import { expectCode } from '@tilewright/core/testing';
import type { VerifySignature } from '@tilewright/rekor-entry';
import { CreateEntryRequestSchema } from '@tilewright/rekor-proto';
import { makeTrustedRoot, type TrustedRoot } from '@tilewright/trust';
import { expect, test } from 'vitest';
import { ClientError, type ClientErrorCode } from '../client-error.ts';
import { leafOf } from '../entry/expected-leaf.ts';
import { type LogEntry, verifyLogEntry } from '../entry/verify-log-entry.ts';
import { CERTIFICATE, CERTIFICATE_KEY } from '../testing/sample-certificate.ts';
import { sampleKey } from '../testing/sample-log.ts';
import { sampleRekor } from '../testing/sample-rekor.ts';
import { sampleSubmission } from '../testing/sample-submission.ts';
import { createEntryRequest, type Submission } from '../write/submission.ts';
import { makeBundle } from './make-bundle.ts';
import { parseBundle } from './parse-bundle.ts';
import { signingKey } from './signing-key.ts';
import { verifyBundle } from './verify-bundle.ts';

const KEY = sampleKey('log.example.com');
const REKOR = sampleRekor(KEY);
const ROOT = rootOf(KEY.spki, 'http://log.example.com:3000');
const SIGNED = sampleSubmission('an artifact');
const ENTRY = await logged(SIGNED.submission);
const BUNDLE = makeBundle({
  artifact: SIGNED.artifact,
  signature: SIGNED.submission.signature,
  signer: { kind: 'public-key', publicKey: SIGNED.publicKeyPem },
  entry: ENTRY,
});
const TRUST = { trustedRoot: ROOT, publicKey: SIGNED.publicKeyPem };

test('the bundle has the media type, field order and hint that clients know', () => {
  const document = JSON.parse(BUNDLE);
  expect(Object.keys(document)).toEqual(['mediaType', 'verificationMaterial', 'messageSignature']);
  expect(document.mediaType).toBe('application/vnd.dev.sigstore.bundle.v0.3+json');
  expect(Object.keys(document.verificationMaterial)).toEqual(['publicKey', 'tlogEntries']);
  const hint = createHash('sha256').update(SIGNED.submission.verifier.rawBytes).digest('base64');
  expect(document.verificationMaterial.publicKey).toEqual({ hint });
  expect(document.messageSignature.messageDigest.algorithm).toBe('SHA2_256');
  expect(document.verificationMaterial.tlogEntries[0].logIndex).toBe('0');
  expect(BUNDLE.endsWith('}\n')).toBe(true);
});

test('a bundle verifies with its artifact, key and log', () => {
  const verified = verifyBundle(BUNDLE, SIGNED.artifact, TRUST);
  expect(verified).toMatchObject({ kind: 'public-key', entry: { index: 0, origin: 'log.example.com' } });
  expect(
    verifyBundle(encodeUtf8(BUNDLE), SIGNED.artifact, { ...TRUST, publicKey: SIGNED.submission.verifier.rawBytes }),
  ).toEqual(verified);
  expect(verifyBundle(parseBundle(BUNDLE), SIGNED.artifact, TRUST)).toEqual(verified);
});

test('nothing else verifies', async () => {
  const other = sampleSubmission('another artifact');
  const otherEntry = await logged(other.submission);
  const refuse = (code: ClientErrorCode, bundle: string, artifact = SIGNED.artifact, options: object = {}) =>
    expectCode(() => verifyBundle(bundle, artifact, { ...TRUST, ...options }), ClientError, code);
  refuse('inconsistent', BUNDLE, other.artifact);
  refuse('untrusted', BUNDLE, SIGNED.artifact, { publicKey: other.publicKeyPem });
  refuse('untrusted', BUNDLE, SIGNED.artifact, { publicKey: undefined });
  refuse('untrusted', BUNDLE, SIGNED.artifact, { trustedRoot: rootOf(sampleKey('log.example.com').spki) });
  refuse('untrusted', BUNDLE, SIGNED.artifact, { trustedRoot: rootOf(KEY.spki, 'http://elsewhere.example.com') });
  // The entry of another signature, however valid.
  refuse('inconsistent', swapEntry(BUNDLE, otherEntry));
  // A second signature over the same artifact by the same key was not logged.
  const again = Uint8Array.from(sign('sha256', SIGNED.artifact, SIGNED.privateKey));
  refuse(
    'inconsistent',
    edit(BUNDLE, (b) => (b.messageSignature.signature = encodeBase64(again))),
  );
  refuse(
    'untrusted',
    edit(BUNDLE, (b) => (b.messageSignature.signature = encodeBase64(other.submission.signature))),
  );
  // Without the hint of a digest it is the signature that tells.
  refuse(
    'untrusted',
    edit(BUNDLE, (b) => delete b.messageSignature.messageDigest),
    other.artifact,
  );
  refuse(
    'inconsistent',
    edit(BUNDLE, (b) => (b.messageSignature.messageDigest.algorithm = 'SHA2_512')),
  );
  refuse(
    'malformed',
    edit(BUNDLE, (b) => delete b.verificationMaterial.tlogEntries[0].inclusionProof),
  );
});

const MALFORMED: readonly [string, ClientErrorCode, (bundle: string) => string][] = [
  ['another media type', 'unsupported', (b) => b.replace('v0.3', 'v0.4')],
  ['an attestation', 'unsupported', (b) => edit(b, (d) => (d.dsseEnvelope = {}))],
  ['an unknown field', 'malformed', (b) => edit(b, (d) => (d.extra = 1))],
  ['a field twice', 'malformed', (b) => b.replace('"mediaType"', '"mediaType": "x", "mediaType"')],
  ['no signer', 'malformed', (b) => edit(b, (d) => delete d.verificationMaterial.publicKey)],
  ['two signers', 'malformed', (b) => edit(b, (d) => (d.verificationMaterial.certificate = { rawBytes: 'AAAA' }))],
  ['no entry', 'malformed', (b) => edit(b, (d) => (d.verificationMaterial.tlogEntries = []))],
  [
    'two entries',
    'malformed',
    (b) => edit(b, (d) => d.verificationMaterial.tlogEntries.push(d.verificationMaterial.tlogEntries[0])),
  ],
  ['an unknown field in the entry', 'malformed', (b) => edit(b, (d) => (d.verificationMaterial.tlogEntries[0].x = 1))],
  [
    'loose base64',
    'malformed',
    (b) => edit(b, (d) => (d.messageSignature.signature = d.messageSignature.signature.replace(/^./, '-'))),
  ],
  ['no signature', 'malformed', (b) => edit(b, (d) => delete d.messageSignature)],
  ['no JSON', 'malformed', () => 'bundle'],
];

test.each(MALFORMED)('a bundle with %s is %s', (_, code, change) => {
  expectCode(() => parseBundle(change(BUNDLE)), ClientError, code);
});

test('a certificate bundle is verified up to the certificate, which is handed on', async () => {
  const artifact = encodeUtf8('signed with a certificate');
  const signature = Uint8Array.from(sign('sha256', artifact, CERTIFICATE_KEY));
  const digest = Uint8Array.from(createHash('sha256').update(artifact).digest());
  const entry = await logged({ digest, signature, verifier: { kind: 'x509Certificate', rawBytes: CERTIFICATE } });
  const timestamps = [new Uint8Array([0x30, 0x00])];
  const bundle = makeBundle({
    artifact,
    signature,
    signer: { kind: 'certificate', certificate: CERTIFICATE },
    entry,
    timestamps,
  });
  const options = { trustedRoot: ROOT };
  expect(verifyBundle(bundle, artifact, options)).toEqual({
    kind: 'certificate',
    entry,
    certificate: CERTIFICATE,
    timestamps,
  });
  const v02 = edit(bundle, (b) => {
    b.mediaType = 'application/vnd.dev.sigstore.bundle+json;version=0.2';
    b.verificationMaterial.x509CertificateChain = { certificates: [b.verificationMaterial.certificate] };
    delete b.verificationMaterial.certificate;
  });
  expect(verifyBundle(v02, artifact, options).kind).toBe('certificate');
  const chainInV03 = v02.replace(
    'application/vnd.dev.sigstore.bundle+json;version=0.2',
    'application/vnd.dev.sigstore.bundle.v0.3+json',
  );
  expectCode(() => verifyBundle(chainInV03, artifact, options), ClientError, 'malformed');
  expectCode(() => verifyBundle(bundle, artifact, TRUST), ClientError, 'unsupported');
  expectCode(() => verifyBundle(bundle, encodeUtf8('other'), options), ClientError, 'inconsistent');
});

test('digests and Ed25519ph need the port, and go through it', async () => {
  const digest = { digest: SIGNED.submission.digest };
  expectCode(() => verifyBundle(BUNDLE, digest, TRUST), ClientError, 'unsupported');
  let answer = true;
  const asked: unknown[] = [];
  const verifySignature: VerifySignature = (key, input) => {
    asked.push([key.kind, input]);
    return answer;
  };
  expect(verifyBundle(BUNDLE, digest, { ...TRUST, verifySignature }).kind).toBe('public-key');
  expect(asked).toEqual([['ecdsa', { kind: 'digest', hash: 'SHA-256', ...digest }]]);
  answer = false;
  expectCode(() => verifyBundle(BUNDLE, digest, { ...TRUST, verifySignature }), ClientError, 'untrusted');
  expectCode(() => verifyBundle(BUNDLE, { digest: new Uint8Array(20) }, TRUST), ClientError, 'malformed');

  const { publicKey } = generateKeyPairSync('ed25519');
  const rawBytes = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  const sha512 = Uint8Array.from(createHash('sha512').update(SIGNED.artifact).digest());
  const signature = new Uint8Array(64).fill(7);
  const entry = await logged({ digest: sha512, signature, verifier: { kind: 'publicKey', rawBytes } });
  const bundle = makeBundle({
    artifact: SIGNED.artifact,
    signature,
    signer: { kind: 'public-key', publicKey: rawBytes },
    entry,
  });
  const trust = { trustedRoot: ROOT, publicKey: rawBytes };
  expectCode(() => verifyBundle(bundle, SIGNED.artifact, trust), ClientError, 'unsupported');
  answer = true;
  expect(verifyBundle(bundle, SIGNED.artifact, { ...trust, verifySignature }).kind).toBe('public-key');
  expect(asked.at(-1)).toEqual(['ed25519', { kind: 'digest', hash: 'SHA-512', digest: sha512 }]);
});

test.each([
  ['P-384', 'sha384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' })],
  ['P-521', 'sha512', () => generateKeyPairSync('ec', { namedCurve: 'P-521' })],
  ['RSA', 'sha256', () => generateKeyPairSync('rsa', { modulusLength: 2048 })],
] as const)('%s signatures over %s verify by node:crypto, ECDSA also in P1363', async (_, hash, make) => {
  const { privateKey, publicKey } = make();
  const rawBytes = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  const digest = Uint8Array.from(createHash(hash).update(SIGNED.artifact).digest());
  for (const dsaEncoding of ['der', 'ieee-p1363'] as const) {
    const signature = Uint8Array.from(sign(hash, SIGNED.artifact, { key: privateKey, dsaEncoding }));
    expect(verify(hash, SIGNED.artifact, { key: publicKey, dsaEncoding }, signature)).toBe(true);
    const entry = await logged({ digest, signature, verifier: { kind: 'publicKey', rawBytes } });
    const signer = { kind: 'public-key', publicKey: rawBytes } as const;
    const bundle = makeBundle({ artifact: SIGNED.artifact, signature, signer, entry });
    expect(verifyBundle(bundle, SIGNED.artifact, { trustedRoot: ROOT, publicKey: rawBytes }).kind).toBe('public-key');
  }
});

test('keys that Rekor v2 does not take are refused', () => {
  const pem = (key: ReturnType<typeof generateKeyPairSync>['publicKey']) =>
    key.export({ type: 'spki', format: 'pem' }) as string;
  expectCode(
    () => signingKey(pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey)),
    ClientError,
    'unsupported',
  );
  expectCode(
    () => signingKey(pem(generateKeyPairSync('ec', { namedCurve: 'P-224' }).publicKey)),
    ClientError,
    'unsupported',
  );
  expectCode(() => signingKey('no key'), ClientError, 'malformed');
  expectCode(() => signingKey(new Uint8Array([0x30])), ClientError, 'malformed');
});

async function logged(submission: Submission): Promise<LogEntry> {
  const body = toBinary(CreateEntryRequestSchema, createEntryRequest(submission));
  const answer = await REKOR.submit({ kind: 'proto', body });
  if (answer.kind === 'refused') throw new Error(`the sample log answered: ${answer.message}`);
  return verifyLogEntry(answer.entry, REKOR.log, leafOf(submission));
}

function rootOf(spki: Uint8Array, baseUrl = 'http://log.example.com'): TrustedRoot {
  const validFor = { start: '2025-01-01T00:00:00Z' };
  return makeTrustedRoot({ tlogs: [{ baseUrl, spki, keyDetails: 'PKIX_ED25519', logId: REKOR.log.logId, validFor }] });
}

function swapEntry(bundle: string, entry: LogEntry): string {
  const artifact = SIGNED.artifact;
  const { signature } = SIGNED.submission;
  const other = makeBundle({
    artifact,
    signature,
    signer: { kind: 'public-key', publicKey: SIGNED.publicKeyPem },
    entry,
  });
  return edit(bundle, (b) => (b.verificationMaterial = JSON.parse(other).verificationMaterial));
}

/** `JSON.parse` gives no type, which is what a test that breaks documents needs. */
function edit(bundle: string, change: (document: ReturnType<typeof JSON.parse>) => unknown): string {
  const document = JSON.parse(bundle);
  change(document);
  return JSON.stringify(document);
}

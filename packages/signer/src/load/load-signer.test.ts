import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint } from '@tilewright/core/checkpoint';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import { parseVerifierKey, signNote } from '@tilewright/core/note';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { expectCodeAsync } from '@tilewright/core/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { fileKekUri, newFileKek } from '../kek/file-kek.ts';
import { openKek } from '../kek/open-kek.ts';
import { generateEd25519KeyPem } from '../keys/generate-key.ts';
import { DEFAULT_KMS_OPTIONS } from '../kms/kms-options.ts';
import type { LogKey } from '../notes/log-key.ts';
import { SignerError } from '../signer-error.ts';
import { type AwsKmsServer, type GcpKmsServer, startAwsKmsServer, startGcpKmsServer } from '../testing/index.ts';
import { cleartextKeyset, encryptKeyset } from '../tink/keyset.ts';
import type { Keyset } from '../tink/keyset-model.ts';
import { KEYSET_TEMPLATES, newKeyset, withNewPrimary } from '../tink/new-keyset.ts';
import { loadSigner, type SignerSource } from './load-signer.ts';
import { loadSignerFile } from './load-signer-file.ts';

const ORIGIN = 'log.example.com';
const directory = mkdtempSync(join(tmpdir(), 'tilewright-signer-'));
const fileKek = fileKekUri(join(directory, 'kek'));
writeFileSync(join(directory, 'kek'), newFileKek(), { mode: 0o600 });

let gcp: GcpKmsServer;
let aws: AwsKmsServer;
beforeAll(async () => {
  [gcp, aws] = await Promise.all([startGcpKmsServer(), startAwsKmsServer()]);
});
afterAll(async () => {
  await Promise.all([gcp.close(), aws.close()]);
  rmSync(directory, { recursive: true });
});

const kms = () => ({ timeoutMs: 10_000, retries: 0, gcpEndpoint: gcp.endpoint, awsEndpoint: aws.endpoint });

async function load(source: SignerSource): Promise<LogKey> {
  const key = await loadSigner(source, ORIGIN, kms());
  onTestFinished(() => key.close?.());
  return key;
}

/** The key's checkpoint opens with the portable verifier of its vkey. */
async function expectCheckpoint(key: LogKey): Promise<void> {
  const text = formatCheckpoint({ origin: ORIGIN, size: asTreeSize(0), root: EMPTY_ROOT, extensions: [] });
  const note = await signNote(text, [key.signer]);
  const vkey = parseVerifierKey(key.vkey);
  const portable = key.keyDetails === 'PKIX_ED25519' ? ed25519NoteVerifier(vkey) : ecdsaNoteVerifier(vkey);
  expect(openCheckpoint(note, ORIGIN, portable).size).toBe(0);
}

test('a file', async () => {
  const content = encodeUtf8(generateEd25519KeyPem());
  expect((await loadSigner({ kind: 'file', content }, ORIGIN)).vkey).toBe(loadSignerFile(content, ORIGIN).vkey);
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' });
  const source = { kind: 'file', content: encodeUtf8(pem as string) } as const;
  await expectCodeAsync(() => load(source), SignerError, 'encrypted');
  await expectCodeAsync(() => load({ ...source, password: encodeUtf8('guess') }), SignerError, 'wrong-password');
  expect((await load({ ...source, password: encodeUtf8('geheim') })).keyDetails).toBe('PKIX_ED25519');
});

test.each(KEYSET_TEMPLATES)(
  'a keyset of %s, in the clear and under each kind of key encryption key',
  async (template) => {
    const keyset = newKeyset(template);
    const clear = await load({ kind: 'tink', kekUri: undefined, keyset: cleartextKeyset(keyset, 'json') });
    await expectCheckpoint(clear);
    const uris = [
      fileKek,
      `gcp-kms://${gcp.keys.addCipher(`kek-${template}`)}`,
      `aws-kms://${aws.keys.addCipher().arn}`,
    ];
    for (const kekUri of uris) {
      for (const format of ['json', 'binary'] as const) {
        const kek = await openKek(kekUri, kms());
        const file = await encryptKeyset(keyset, kek, format);
        await kek.close?.();
        const key = await load({ kind: 'tink', kekUri, keyset: file });
        expect([kekUri, key.vkey]).toEqual([kekUri, clear.vkey]);
        // The key is in memory: the service is not asked again.
        expect(key.close).toBeUndefined();
        await expectCheckpoint(key);
      }
    }
  },
);

test.each([
  ['EC_SIGN_ED25519', 'sha256', 'PKIX_ED25519'],
  ['EC_SIGN_P256_SHA256', 'sha256', 'PKIX_ECDSA_P256_SHA_256'],
  ['EC_SIGN_P384_SHA384', 'sha384', 'PKIX_ECDSA_P384_SHA_384'],
] as const)('a key %s that Google Cloud KMS keeps', async (algorithm, hash, details) => {
  const { name } = gcp.keys.addVersion(`load-${algorithm}`, algorithm);
  const key = await load({ kind: 'kms', uri: `gcpkms://${name}`, hash });
  expect(key.keyDetails).toBe(details);
  await expectCheckpoint(key);
});

test.each([
  ['ECC_NIST_EDWARDS25519', 'sha256', 'PKIX_ED25519'],
  ['ECC_NIST_P256', 'sha256', 'PKIX_ECDSA_P256_SHA_256'],
  ['ECC_NIST_P521', 'sha512', 'PKIX_ECDSA_P521_SHA_512'],
] as const)('a key %s that AWS KMS keeps', async (spec, hash, details) => {
  const key = await load({ kind: 'kms', uri: `awskms:///${aws.keys.addSigningKey(spec).arn}`, hash });
  expect(key.keyDetails).toBe(details);
  await expectCheckpoint(key);
});

test('what a keyset or service signs must verify with its public key', async () => {
  const version = gcp.keys.addVersion('liar', 'EC_SIGN_P256_SHA256');
  const { publicKey } = gcp.keys.addVersion('other', 'EC_SIGN_P256_SHA256');
  gcp.keys.versions.set(version.name, { ...version, publicKey });
  const source = { kind: 'kms', uri: `gcpkms://${version.name}`, hash: 'sha256' } as const;
  const { message } = await expectCodeAsync(() => load(source), SignerError, 'kms-bad-answer');
  expect(message).toContain('the signature is not one of this key');

  const [one, stranger] = [newKeyset('ED25519'), newKeyset('ED25519')];
  const [key, data] = [one.keys[0], one.keys[0]?.data];
  // The public half is the last field: a tag, a length, and a message of its own.
  const publicField = -(2 + 2 + 32);
  const value = Buffer.concat([
    data?.value.subarray(0, publicField) ?? Buffer.alloc(0),
    stranger.keys[0]?.data?.value.subarray(publicField) ?? Buffer.alloc(0),
  ]);
  const wrong = { ...one, keys: [{ ...key, data: { ...data, value } }] } as Keyset;
  const file = cleartextKeyset(wrong, 'binary');
  await expectCodeAsync(() => load({ kind: 'tink', kekUri: undefined, keyset: file }), SignerError, 'key-mismatch');
});

test('keysets that cannot be used, each with its own code', async () => {
  const keyset = newKeyset('ED25519');
  const [key] = keyset.keys;
  if (key === undefined) throw new Error('unreachable');
  const clear = (wrong: Keyset): SignerSource => ({
    kind: 'tink',
    kekUri: undefined,
    keyset: cleartextKeyset(wrong, 'binary'),
  });
  const whole = cleartextKeyset(keyset, 'binary');
  const kek = await openKek(fileKek, DEFAULT_KMS_OPTIONS);
  const encrypted = await encryptKeyset(keyset, kek, 'json');
  writeFileSync(join(directory, 'kek2'), newFileKek(), { mode: 0o600 });
  const disabled: Keyset = { ...keyset, keys: [{ ...key, status: 'DISABLED' }] };
  const twins: Keyset = { ...keyset, keys: [key, key] };
  const typeUrl = 'type.googleapis.com/google.crypto.tink.AesGcmKey';
  const foreign = { ...keyset, keys: [{ ...key, data: { ...key.data, typeUrl } }] } as Keyset;
  const cases: readonly (readonly [SignerSource, SignerError['code'], RegExp])[] = [
    [{ kind: 'tink', kekUri: undefined, keyset: whole.subarray(0, -5) }, 'keyset-malformed', /./],
    [clear(disabled), 'keyset-no-primary', /disabled/],
    [clear({ ...keyset, primaryKeyId: keyset.primaryKeyId + 1 }), 'keyset-no-primary', /has no key/],
    [clear(twins), 'keyset-two-primaries', /two/],
    [clear(foreign), 'keyset-unknown-type', /./],
    [{ kind: 'tink', kekUri: undefined, keyset: encrypted }, 'encrypted', /./],
    [{ kind: 'tink', kekUri: `${fileKek}2`, keyset: encrypted }, 'kek-mismatch', /./],
    [{ kind: 'tink', kekUri: fileKek, keyset: whole }, 'kek-mismatch', /not encrypted/],
    [{ kind: 'tink', kekUri: 'hcvault://x', keyset: encrypted }, 'bad-uri', /./],
    [{ kind: 'kms', uri: 'hashivault://x', hash: 'sha256' }, 'bad-uri', /./],
  ];
  const codes = new Set<string>();
  for (const [source, code, words] of cases) {
    const { message } = await expectCodeAsync(() => load(source), SignerError, code);
    expect([code, message]).toEqual([code, expect.stringMatching(words)]);
    codes.add(`${code}: ${message}`);
  }
  expect(codes.size).toBe(cases.length);
});

test('a rotated keyset is another key', async () => {
  const keyset = newKeyset('ED25519');
  const rotated = withNewPrimary(keyset, 'ED25519');
  const [before, after] = await Promise.all(
    [keyset, rotated].map((each) => load({ kind: 'tink', kekUri: undefined, keyset: cleartextKeyset(each, 'json') })),
  );
  expect(after?.logIdBase64).not.toBe(before?.logIdBase64);
});

test('nothing is asked of a service for an origin that no log has', async () => {
  const before = gcp.calls.length;
  const source = {
    kind: 'kms',
    uri: `gcpkms://${gcp.keys.addVersion('idle', 'EC_SIGN_ED25519').name}`,
    hash: 'sha256',
  } as const;
  await expectCodeAsync(() => loadSigner(source, 'a b', kms()), SignerError, 'bad-origin');
  expect(gcp.calls.length).toBe(before);
});

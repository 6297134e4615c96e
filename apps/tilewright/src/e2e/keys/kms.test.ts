import { createPublicKey } from 'node:crypto';
import { join } from 'node:path';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { type NoteVerifier, parseVerifierKey, type VerifierKey } from '@tilewright/core/note';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { type AwsKmsServer, type GcpKmsServer, startAwsKmsServer, startGcpKmsServer } from '@tilewright/signer/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../../testing/entry-request.ts';
import { runCli } from '../../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere, serveLog } from '../../testing/running-log.ts';
import { RunningProcess } from '../../testing/running-process.ts';

let gcp: GcpKmsServer;
let aws: AwsKmsServer;
beforeAll(async () => {
  [gcp, aws] = await Promise.all([startGcpKmsServer(), startAwsKmsServer()]);
});
afterAll(() => Promise.all([gcp.close(), aws.close()]));

/** Flags that name the two services of this test. */
function endpoints(): string[] {
  return ['--gcp-kms-endpoint', gcp.endpoint, '--aws-kms-endpoint', aws.endpoint];
}

/** A place for a log whose key is not in the place's file. */
async function placeWith(...signer: readonly string[]): Promise<LogPlace> {
  const place = await logPlace();
  const at = place.flags.indexOf('--signer-filepath');
  const flags = place.flags.filter((_, i) => i !== at && i !== at + 1);
  return { ...place, flags: [...flags, ...signer, ...endpoints()] };
}

/** What a served log said of its key. */
function printedVkey(server: RunningProcess): string {
  const lines = server.err.trim().split('\n');
  const identity = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'log identity');
  return identity?.vkey ?? '';
}

/** A verifier of core's own code, on no cryptography of the platform. */
function portableVerifier(key: VerifierKey): NoteVerifier {
  return key.type === 1 ? ed25519NoteVerifier(key) : ecdsaNoteVerifier(key);
}

/** Enters something, and opens the checkpoint that is published afterwards; its size. */
async function enter(place: LogPlace, vkey: string, text: string): Promise<number> {
  const answer = await postEntry(place.url, entryRequest(text));
  expect(answer.status).toBe(201);
  const { inclusionProof } = (await answer.json()) as EntryJson;
  const verifier = portableVerifier(parseVerifierKey(vkey));
  const published = await (await fetch(`${place.url}/checkpoint`)).bytes();
  const { size } = openCheckpoint(published, 'localhost', verifier);
  expect(openCheckpoint(Buffer.from(inclusionProof.checkpoint.envelope), 'localhost', verifier).size).toBe(size);
  return size;
}

test.each([
  ['gcp-kms', 'ED25519'],
  ['aws-kms', 'ECDSA_P256'],
])(
  'a log starts from a keyset that a key of %s encrypts, and needs the service at its start only',
  async (scheme, template) => {
    const [server, uri] =
      scheme === 'gcp-kms'
        ? [gcp, `gcp-kms://${gcp.keys.addCipher('kek')}`]
        : [aws, `aws-kms://${aws.keys.addCipher().arn}`];
    const place = await logPlace();
    const keyset = join(place.directory, 'keyset.json');
    const created = await runCli([
      ...['keyset', 'create', '--key-template', template, '--origin', 'localhost', '--key-encryption-key-uri', uri],
      ...['--out', keyset, '--json', ...endpoints()],
    ]);
    expect([created.status, created.err]).toEqual([0, '']);
    const { vkey } = JSON.parse(created.out);

    const log = await placeWith('--signer-tink-keyset-path', keyset, '--signer-tink-kek-uri', uri);
    const before = server.calls.length;
    const running = await serveLog(log);
    expect(printedVkey(running)).toBe(vkey);
    expect(server.calls.slice(before)).toEqual(['Decrypt']);
    server.faults.set('down');
    expect(await enter(log, vkey, 'one')).toBe(1);
    expect(await enter(log, vkey, 'two')).toBe(2);
    server.faults.clear();
    expect(server.calls.slice(before)).toEqual(['Decrypt']);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);

    const other = scheme === 'gcp-kms' ? gcp.keys.addCipher('other') : aws.keys.addCipher().arn;
    const wrong = await runCli(['serve', ...log.flags, '--signer-tink-kek-uri', `${scheme}://${other}`]);
    expect([wrong.status, wrong.err]).toEqual([2, expect.stringContaining('does not decrypt this')]);
    expect(wrong.err).not.toMatch(/\n\s+at /);
  },
);

test.each([
  ['gcpkms', 'EC_SIGN_ED25519', 'sha256'],
  ['gcpkms', 'EC_SIGN_P256_SHA256', 'sha256'],
  ['gcpkms', 'EC_SIGN_P384_SHA384', 'sha384'],
  ['awskms', 'ECC_NIST_EDWARDS25519', 'sha256'],
  ['awskms', 'ECC_NIST_P256', 'sha256'],
  ['awskms', 'ECC_NIST_P521', 'sha512'],
] as const)('a log signs with a key that %s keeps: %s', async (scheme, kind, hash) => {
  const { uri, publicKey, server } = signingKey(scheme, kind);
  const log = await placeWith('--signer-kmskey', uri, '--signer-kmshash', hash);
  const running = await serveLog(log);
  const vkey = printedVkey(running);
  const published = await (await fetch(`${log.url}/log-info`)).json();
  expect(published).toMatchObject({ vkey });
  const line = running.err.split('\n').find((text) => text.includes('pubkey in base64 DER')) ?? '{}';
  const spki = Buffer.from(JSON.parse(line)['pubkey in base64 DER'] ?? '', 'base64');
  expect(createPublicKey({ key: spki, format: 'der', type: 'spki' }).equals(publicKey)).toBe(true);
  expect(await enter(log, vkey, 'one')).toBe(1);
  const signed = server.calls.length;
  expect(await enter(log, vkey, 'two')).toBe(2);
  expect(server.calls.slice(signed)).toContain(scheme === 'gcpkms' ? 'AsymmetricSign' : 'Sign');

  // A service that fails in passing is asked again, and nobody who enters something sees that.
  server.faults.set('down', 2);
  expect(await enter(log, vkey, 'three')).toBe(3);
  running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
});

function signingKey(scheme: 'gcpkms' | 'awskms', kind: string) {
  if (scheme === 'gcpkms') {
    const version = gcp.keys.addVersion(`signs-${kind}`, kind as Parameters<typeof gcp.keys.addVersion>[1]);
    return { uri: `gcpkms://${version.name}`, publicKey: version.publicKey, server: gcp };
  }
  const { arn, signing } = aws.keys.addSigningKey(kind as Parameters<typeof aws.keys.addSigningKey>[0]);
  if (signing === undefined) throw new Error('the key does not sign');
  return { uri: `awskms:///${arn}`, publicKey: signing.publicKey, server: aws };
}

test('a hash that is not the one of the key ends the start with 2', async () => {
  const { uri } = signingKey('awskms', 'ECC_NIST_P384');
  const log = await placeWith('--signer-kmskey', uri);
  const refused = await runCli(['serve', ...log.flags]);
  expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('--signer-kmshash sha384')]);
});

test.each(['down', 'silent', 'refusing', 'garbage'] as const)(
  'a service that is %s ends the start with 2, in time',
  async (fault) => {
    for (const [scheme, kind] of [
      ['gcpkms', 'EC_SIGN_ED25519'],
      ['awskms', 'ECC_NIST_P256'],
    ] as const) {
      const { uri, server } = signingKey(scheme, kind);
      const log = await placeWith('--signer-kmskey', uri, '--gcp-kms-timeout', '1', '--gcp-kms-retries', '1');
      server.faults.set(fault);
      const start = performance.now();
      const refused = await runCli(['serve', ...log.flags]);
      const took = performance.now() - start;
      server.faults.clear();
      expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('KMS')]);
      expect(refused.err).not.toMatch(/\n\s+at /);
      expect(took).toBeLessThan(2 * 1000 + 100 + 2000);
    }
  },
);

test('an interrupt ends the wait for a service', async () => {
  const { uri } = signingKey('gcpkms', 'EC_SIGN_ED25519');
  const log = await placeWith('--signer-kmskey', uri, '--gcp-kms-timeout', '60');
  gcp.faults.set('silent');
  const running = new RunningProcess(['serve', ...log.flags]);
  const asked = gcp.calls.length;
  while (gcp.calls.length === asked) await new Promise((resolve) => setTimeout(resolve, 10));
  running.child.kill('SIGINT');
  const status = await running.ended;
  gcp.faults.clear();
  expect(status).not.toBe(0);
  expect(running.err).not.toMatch(/\n\s+at /);
});

test('a log whose key a service keeps goes on with the same key, and refuses another one', async () => {
  const { uri } = signingKey('awskms', 'ECC_NIST_EDWARDS25519');
  const log = await placeWith('--signer-kmskey', uri);
  const first = await serveHere(log);
  await postEntry(log.url, entryRequest('one'));
  expect(await first.stop()).toBe(0);
  const again = await serveHere(log);
  expect((await postEntry(log.url, entryRequest('two'))).status).toBe(201);
  expect(await again.stop()).toBe(0);
  const other = signingKey('awskms', 'ECC_NIST_EDWARDS25519');
  const refused = await runCli(['serve', ...log.flags, '--signer-kmskey', other.uri]);
  expect(refused.status).toBe(2);
});

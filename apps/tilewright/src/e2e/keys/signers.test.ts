import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { formatSigningKey, openNote, parseVerifierKey } from '@tilewright/core/note';
import { generateMlDsa44KeyPem, noteVerifierFromVkey, noteVerifierOf, privateKeyFromSeed } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../../testing/entry-request.ts';
import { runCli } from '../../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere, serveLog } from '../../testing/running-log.ts';
import { sigstoreIdentity } from '../../testing/sigstore-bundle.ts';

/** The same place, with another key file. */
function withKey(place: LogPlace, name: string, content: string): LogPlace {
  const file = join(place.directory, name);
  writeFileSync(file, content, { mode: 0o600 });
  return { ...place, flags: [...place.flags, '--signer-filepath', file] };
}

/** What a running log says of itself. */
function lineOf(err: string, msg: string): Record<string, string> {
  const lines = err.trim().split('\n');
  return lines.map((line) => JSON.parse(line)).find((line) => line.msg === msg) ?? {};
}

test.each([
  ['ECDSA in SEC1', 'PKIX_ECDSA_P256_SHA_256', ['ecparam', '-name', 'prime256v1', '-genkey']],
  ['RSA in PKCS#1', 'PKIX_RSA_PKCS1V15_2048_SHA256', ['genrsa', '-traditional', '2048']],
])('a log of a key that openssl makes, %s, takes entries and is read by its vkey', async (_, details, args) => {
  const pem = execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const place = withKey(await logPlace(), 'openssl.pem', pem);
  const server = await serveLog(place);
  expect(lineOf(server.err, 'Loaded signing key')).toMatchObject({ keyDetails: details, from: 'file' });
  const { vkey } = lineOf(server.err, 'log identity');
  const status = await runCli(['log', 'status', place.url, '--vkey', vkey ?? '', '--json']);
  expect([status.status, JSON.parse(status.out)]).toEqual([0, expect.objectContaining({ size: 0 })]);
  const entry = (await (await postEntry(place.url, entryRequest('x'))).json()) as EntryJson;
  const key = noteVerifierFromVkey(vkey ?? '');
  const envelope = Buffer.from(entry.inclusionProof.checkpoint.envelope);
  expect(openCheckpoint(envelope, 'localhost', key.verifier).size).toBe(1);
  const identity = sigstoreIdentity(place.url, key);
  // serve says so: see client-limits.ts.
  if (details.includes('RSA')) await expect(identity).rejects.toThrow('Failed to read asymmetric key');
  else expect(await identity).toBeDefined();
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);
});

test('a Go note key starts the log that it names, and no other one', async () => {
  const base = await logPlace();
  const seed = new Uint8Array(32).fill(3);
  const pem = privateKeyFromSeed('ed25519', seed).export({ type: 'pkcs8', format: 'pem' }) as string;
  const first = await serveLog(withKey(base, 'key-1.pem', pem));
  const { vkey = '' } = lineOf(first.err, 'log identity');
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const place = withKey(base, 'note.key', `${formatSigningKey(parseVerifierKey(vkey), seed)}\n`);
  const again = await serveHere(place);
  expect((await postEntry(place.url, entryRequest('x'))).status).toBe(201);
  expect(await again.stop()).toBe(0);
  const refused = await runCli(['serve', ...place.flags, '--hostname', 'other.test']);
  expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('holds the key of "localhost"')]);
});

test('a log signs with an ML-DSA-44 key too: its clients see no difference, and who knows that key verifies it', async () => {
  const base = await logPlace();
  const second = join(base.directory, 'second.pem');
  writeFileSync(second, generateMlDsa44KeyPem(), { mode: 0o600 });
  const server = await serveLog(base, '--signer-additional-filepath', second);
  const { vkey = '' } = lineOf(server.err, 'additional signing key');
  expect(vkey).toMatch(/^localhost\+[0-9a-f]{8}\+/);
  const entry = (await (await postEntry(base.url, entryRequest('x'))).json()) as EntryJson;
  const envelope = Buffer.from(entry.inclusionProof.checkpoint.envelope);
  expect(openCheckpoint(envelope, 'localhost', base.key.verifier).size).toBe(1);
  const post = noteVerifierOf(parseVerifierKey(vkey));
  expect(openCheckpoint(envelope, 'localhost', post).size).toBe(1);
  const { verified } = openNote(envelope, [base.key.verifier, post]);
  expect(verified.map(({ keyId }) => keyId)).toEqual([base.key.verifier.keyId, post.keyId]);
  expect(await sigstoreIdentity(base.url, base.key)).toBeDefined();
  server.child.kill('SIGTERM');
  expect(await server.ended).toBe(0);

  // Off again, and on: the log is the same one.
  const without = await serveHere(base);
  await postEntry(base.url, entryRequest('y'));
  expect(await without.stop()).toBe(0);
  expect(readFileSync(join(base.storage, 'checkpoint'), 'utf8').match(/^— /gm)).toHaveLength(1);
  const fsck = await runCli(['log', 'fsck', base.storage, '--vkey', base.key.vkey]);
  expect(fsck.status).toBe(0);
});

test('log init takes a key from every place that serve does, and its password from the environment', async () => {
  const place = await logPlace();
  const { privateKey } = generateKeyPairSync('ed25519');
  const encrypted = join(place.directory, 'encrypted.pem');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' });
  writeFileSync(encrypted, pem, { mode: 0o600 });
  const init = ['log', 'init', place.storage, '--hostname', 'localhost'];
  const nothing = await runCli(init);
  expect([nothing.status, nothing.err]).toEqual([2, expect.stringContaining('no key to sign with')]);
  const locked = await runCli([...init, '--signer-filepath', encrypted]);
  expect([locked.status, locked.err]).toEqual([2, expect.stringContaining('is encrypted')]);
  const wrong = await runCli([...init, '--signer-filepath', encrypted], { TILEWRIGHT_SIGNER_PASSWORD: 'falsch' });
  expect([wrong.status, wrong.err]).toEqual([2, expect.stringContaining('cannot be decrypted with this password')]);
  const made = await runCli([...init, '--signer-filepath', encrypted, '--json'], {
    TILEWRIGHT_SIGNER_PASSWORD: 'geheim',
  });
  expect([made.status, made.err]).toEqual([0, '']);
  expect(JSON.parse(made.out)).toMatchObject({ origin: 'localhost', keyDetails: 'PKIX_ED25519' });
  const missing = await runCli(['log', 'init']);
  expect([missing.status, missing.err]).toEqual([2, expect.stringContaining('--hostname must be set')]);
  expect(missing.err).toContain('missing <directory>');
});

test('a log whose key is another is refused by both ids, when it writes and when it only reads', async () => {
  const place = await logPlace();
  expect(await (await serveHere(place)).stop()).toBe(0);
  const { privateKey } = generateKeyPairSync('ed25519');
  const other = withKey(place, 'other.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const refused = await runCli(['serve', ...other.flags]);
  expect(refused.status).toBe(2);
  const hex = Buffer.from(place.key.logId).subarray(0, 4).toString('hex');
  expect(refused.err).toMatch(
    new RegExp(`the log "localhost" .*has the key with id ${hex}, not [0-9a-f]{8}: name the key that it was made with`),
  );
  expect(refused.err).not.toMatch(/\n\s+at /);
  const reading = await runCli(['serve', ...other.flags, '--read-only']);
  expect([reading.status, reading.err]).toEqual([2, expect.stringContaining('and this key')]);
});

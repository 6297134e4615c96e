import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { bundleFromJSON } from '@sigstore/bundle';
import { type PublicKey, PublicKeyDetails, TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { makeBundle, submitHttp } from '@tilewright/client';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere } from '../testing/running-log.ts';

async function trustedRoot(place: LogPlace): Promise<string> {
  const file = join(place.directory, 'trusted_root.json');
  const rekor = `url=${place.url},vkey=${place.key.vkey},start-time=2026-01-31T00:00:00Z`;
  expect((await runCli(['trusted-root', 'create', '--rekor', rekor, '--out', file])).status).toBe(0);
  return file;
}

/** Throws unless sigstore-js accepts the bundle of a bare key. */
function verifyWithSigstoreJs(bundle: string, artifact: Buffer, root: string, publicKeyPem: string): void {
  const der = Buffer.from(publicKeyPem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  const key: PublicKey = {
    rawBytes: der,
    keyDetails: PublicKeyDetails.PKIX_ECDSA_P256_SHA_256,
    validFor: { start: new Date(0) },
  };
  const parsed = bundleFromJSON(JSON.parse(bundle));
  const { content } = parsed.verificationMaterial;
  const hint = content.$case === 'publicKey' ? content.publicKey.hint : '';
  const material = toTrustMaterial(TrustedRoot.fromJSON(JSON.parse(root)), { [hint]: key });
  new Verifier(material, { timestampThreshold: 0 }).verify(toSignedEntity(parsed, artifact));
}

test.each(['http', 'grpc'])(
  'over %s: a new key signs, the bundle verifies here and with sigstore-js',
  async (transport) => {
    const place = await logPlace();
    await serveHere(place);
    const root = await trustedRoot(place);
    const file = join(place.directory, 'hello.txt');
    writeFileSync(file, 'hello\n');
    const key = join(place.directory, 'my-key.pem');
    const to = transport === 'http' ? ['--url', place.url] : ['--grpc', place.grpc];
    const submitted = await runCli(['submit', file, ...to, '--new-key', key, '--trusted-root', root, '--json']);
    expect([submitted.status, submitted.err]).toEqual([0, '']);
    expect(JSON.parse(submitted.out)).toMatchObject({
      logIndex: 0,
      origin: 'localhost',
      treeSize: 1,
      duplicate: false,
      bundle: `${file}.sigstore.json`,
    });
    expect(statSync(key).mode % 0o1000).toBe(0o600);
    const bundle = `${file}.sigstore.json`;
    const verifyFlags = ['--key', `${key}.pub`];
    for (const trust of [
      ['--trusted-root', root],
      ['--vkey', place.key.vkey],
    ]) {
      const verified = await runCli(['verify', bundle, file, ...verifyFlags, ...trust]);
      expect([verified.status, verified.err]).toEqual([0, '']);
      expect(verified.out).toContain('Verified:  true');
    }
    verifyWithSigstoreJs(
      readFileSync(bundle, 'utf8'),
      readFileSync(file),
      readFileSync(root, 'utf8'),
      readFileSync(`${key}.pub`, 'utf8'),
    );

    writeFileSync(file, 'HELLO\n');
    const changed = await runCli(['verify', bundle, file, ...verifyFlags, '--trusted-root', root]);
    expect([changed.status, changed.out]).toEqual([1, '']);
    expect(changed.err).toContain('the artifact is not the one that was signed');
    expect(() =>
      verifyWithSigstoreJs(
        readFileSync(bundle, 'utf8'),
        readFileSync(file),
        readFileSync(root, 'utf8'),
        readFileSync(`${key}.pub`, 'utf8'),
      ),
    ).toThrow();
  },
);

test('a signature that is in the log already gives its bundle all the same', async () => {
  const place = await logPlace();
  await serveHere(place);
  const file = join(place.directory, 'file');
  writeFileSync(file, 'x');
  const key = join(place.directory, 'rsa.pem');
  // RSA signs one file always alike.
  writeFileSync(
    key,
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  const flags = ['--key', key, '--vkey', place.key.vkey, '--json'];
  for (const [i, to] of [
    ['--url', place.url],
    ['--url', place.url],
    ['--grpc', place.grpc],
  ].entries()) {
    const bundle = join(place.directory, `${i}.json`);
    const { status, out, err } = await runCli(['submit', file, ...to, ...flags, '--bundle', bundle]);
    expect([status, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({ logIndex: 0, duplicate: i > 0 });
    expect((await runCli(['verify', bundle, file, '--key', key, '--vkey', place.key.vkey])).status).toBe(0);
  }
});

test('a bundle of an Ed25519 key, signed prehashed as Rekor has it, verifies', async () => {
  const place = await logPlace();
  await serveHere(place);
  const secret = ed25519ph.utils.randomSecretKey();
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), ed25519ph.getPublicKey(secret)]);
  const artifact = Buffer.from('signed by cosign with an Ed25519 key, say');
  const submission = {
    digest: createHash('sha512').update(artifact).digest(),
    signature: ed25519ph.sign(artifact, secret),
    verifier: { kind: 'publicKey' as const, rawBytes: spki },
  };
  const answer = await submitHttp(place.url, submission, { fetch, log: place.key });
  if (answer.kind !== 'created') throw new Error(`not created but ${answer.kind}`);
  const signer = { kind: 'public-key' as const, publicKey: spki };
  const [bundle, file, key] = ['bundle.json', 'artifact', 'key.pub'].map((name) => join(place.directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(bundle, makeBundle({ artifact, signature: submission.signature, signer, entry: answer.entry }));
  writeFileSync(file, artifact);
  writeFileSync(key, `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`);
  const verify = () => runCli(['verify', bundle, file, '--key', key, '--vkey', place.key.vkey]);
  expect(await verify()).toMatchObject({ status: 0, err: '' });
  writeFileSync(file, 'something else');
  expect((await verify()).status).toBe(1);
});

test('what cannot be submitted or verified is refused before anything is made or sent', async () => {
  const place = await logPlace();
  const file = join(place.directory, 'file');
  writeFileSync(file, 'x');
  const key = join(place.directory, 'new.pem');
  const vkey = ['--vkey', place.key.vkey];
  const usage: readonly (readonly [readonly string[], string])[] = [
    [['submit', file, '--new-key', key, ...vkey], 'where to?'],
    [['submit', file, '--url', place.url, ...vkey], 'who signs?'],
    [['submit', file, '--url', place.url, '--new-key', key], 'which log is trusted?'],
    [['submit', file, '--url', 'localhost:3000', '--new-key', key, ...vkey], '--url must be'],
    [['submit', `${file}2`, '--url', place.url, '--new-key', key, ...vkey], 'there is no file'],
    [['submit', file, '--url', place.url, '--new-key', key, '--vkey', 'x'], '--vkey: '],
    [['verify', file, `${file}2`, ...vkey], 'there is no file'],
    [['verify', file, file], 'which log is trusted?'],
    [['verify', file, file, '--trusted-root', file], '--trusted-root'],
  ];
  for (const [argv, message] of usage) {
    const { status, err } = await runCli(argv);
    expect([argv, status]).toEqual([argv, 2]);
    expect(err).toContain(message);
  }
  expect(existsSync(key)).toBe(false);
  const unreachable = await runCli(['submit', file, '--url', place.url, '--new-key', key, ...vkey]);
  expect([unreachable.status, unreachable.err]).toEqual([1, expect.stringContaining('could not be reached')]);
  const again = await runCli(['submit', file, '--url', place.url, '--new-key', key, ...vkey]);
  expect([again.status, again.err]).toEqual([2, expect.stringContaining('use it with --key')]);
});

test('an answer of another log than the trusted one is not believed', async () => {
  const place = await logPlace();
  await serveHere(place);
  const file = join(place.directory, 'file');
  writeFileSync(file, 'x');
  const stranger = await logPlace();
  const { status, err } = await runCli([
    'submit',
    file,
    '--url',
    place.url,
    '--new-key',
    join(place.directory, 'k'),
    '--vkey',
    stranger.key.vkey,
  ]);
  expect([status, err]).toEqual([1, expect.stringContaining('of another log')]);
  expect(existsSync(`${file}.sigstore.json`)).toBe(false);
});

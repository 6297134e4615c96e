import { createHash, generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { noteVerifierFromPublicKey } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { temporaryDirectory } from '../testing/temporary-directory.ts';

const START = 'start-time=2026-01-31T00:00:00Z';

function publicKey(directory: string, name = 'log.pub'): { file: string; pem: string; spki: Buffer } {
  const key = generateKeyPairSync('ed25519').publicKey;
  const pem = key.export({ type: 'spki', format: 'pem' }) as string;
  const file = join(directory, name);
  writeFileSync(file, pem);
  return { file, pem, spki: key.export({ type: 'spki', format: 'der' }) };
}

test('a log with an origin gets its note key hash, by public key or vkey; without one SHA-256 of the key', async () => {
  const { file, pem, spki } = publicKey(temporaryDirectory());
  const verifier = noteVerifierFromPublicKey(pem, 'rekor.example.com');
  for (const key of [`public-key=${file},origin=rekor.example.com`, `vkey=${verifier.vkey}`]) {
    const { status, out, err } = await runCli([
      'trusted-root',
      'create',
      '--rekor',
      `url=https://rekor.example.com,${key},${START}`,
    ]);
    expect([status, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
      tlogs: [
        {
          baseUrl: 'https://rekor.example.com',
          hashAlgorithm: 'SHA2_256',
          publicKey: {
            rawBytes: spki.toString('base64'),
            keyDetails: 'PKIX_ED25519',
            validFor: { start: '2026-01-31T00:00:00Z' },
          },
          logId: { keyId: verifier.logIdBase64 },
        },
      ],
    });
  }
  const ct = await runCli([
    'trusted-root',
    'create',
    '--ctfe',
    `url=https://ct.example.com,public-key=${file},${START}`,
  ]);
  expect(JSON.parse(ct.out).ctlogs[0].logId.keyId).toBe(createHash('sha256').update(spki).digest('base64'));
});

test('what breaks clients is a warning', async () => {
  const { file } = publicKey(temporaryDirectory());
  const { status, err } = await runCli([
    'trusted-root',
    'create',
    '--rekor',
    `url=https://a.example,public-key=${file},origin=b.example,${START}`,
  ]);
  expect(status).toBe(0);
  expect(err).toContain('warning: tlogs[0].baseUrl');
});

test.each([
  [[], 'nothing to trust'],
  [['--rekor', 'url=https://a'], '--rekor: start-time= missing'],
  [['--rekor', `url=https://a,${START}`], 'either public-key= or vkey= is needed'],
  [['--rekor', `url=https://a,publik-key=x,${START}`], 'unknown part "publik-key" (did you mean public-key?)'],
  [['--rekor', `url=https://a,url=b,${START}`], 'url= is given twice'],
  [['--rekor', `url=https://a,public-key=/nowhere,${START}`], 'ENOENT'],
  [['--rekor', `url=https://a,vkey=nonsense,${START}`], '--rekor: '],
  [['--tsa', 'url=https://a,certificate-chain=/nowhere'], '--tsa: ENOENT'],
])('trusted-root create %j is a usage error', async (argv, message) => {
  const { status, err } = await runCli(['trusted-root', 'create', ...argv]);
  expect(status).toBe(2);
  expect(err).toContain(message);
});

const SERVICE = `api-version=2,${START},operator=example.com`;

test('a signing config is written to its file, and services replace those of a base', async () => {
  const out = join(temporaryDirectory(), 'signing_config.json');
  const first = await runCli([
    'signing-config',
    'create',
    '--rekor',
    `url=https://a.example,${SERVICE}`,
    '--tsa',
    `url=https://t.example/api/v1/timestamp,api-version=1,${START},operator=t`,
    '--out',
    out,
  ]);
  expect([first.status, first.out]).toEqual([0, '']);
  const second = await runCli([
    'signing-config',
    'create',
    '--base-config',
    out,
    '--rekor',
    `url=https://b.example,${SERVICE}`,
    '--rekor-config',
    'EXACT:1',
  ]);
  expect(second.err).toContain('warning: rekorTlogConfig: sigstore-js');
  expect(JSON.parse(second.out)).toMatchObject({
    rekorTlogUrls: [{ url: 'https://b.example', majorApiVersion: 2, operator: 'example.com' }],
    rekorTlogConfig: { selector: 'EXACT', count: 1 },
    tsaUrls: [{ url: 'https://t.example/api/v1/timestamp' }],
    tsaConfig: { selector: 'ANY' },
  });
  expect(JSON.parse(readFileSync(out, 'utf8')).rekorTlogUrls[0].url).toBe('https://a.example');
});

test.each([
  [[], 'nothing to sign with'],
  [['--rekor', `url=ftp://a,${SERVICE}`], 'http or https URL'],
  [['--rekor', `url=https://a,api-version=two,${START},operator=x`], 'api-version= must be a number'],
  [['--rekor', `url=https://a,${SERVICE}`, '--rekor-config', 'SOME'], '--rekor-config must be ANY, ALL or EXACT:n'],
  [['--base-config', '/nowhere'], 'there is no file /nowhere'],
])('signing-config create %j is a usage error', async (argv, message) => {
  const { status, err } = await runCli(['signing-config', 'create', ...argv]);
  expect(status).toBe(2);
  expect(err).toContain(message);
});

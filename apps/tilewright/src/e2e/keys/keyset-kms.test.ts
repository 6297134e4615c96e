import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AwsKmsServer, type GcpKmsServer, startAwsKmsServer, startGcpKmsServer } from '@tilewright/signer/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../testing/run-cli.ts';
import { temporaryDirectory } from '../../testing/temporary-directory.ts';

const ORIGIN = 'log.example.com';

let gcp: GcpKmsServer;
let aws: AwsKmsServer;
beforeAll(async () => {
  [gcp, aws] = await Promise.all([startGcpKmsServer(), startAwsKmsServer()]);
});
afterAll(() => Promise.all([gcp.close(), aws.close()]));

const keyset = (signal: AbortSignal | undefined, ...argv: readonly string[]) => {
  const endpoints = ['--gcp-kms-endpoint', gcp.endpoint, '--aws-kms-endpoint', aws.endpoint];
  return runCli(['keyset', ...argv, ...endpoints], {}, signal);
};

/** A keyset under a key of Google's service, and the files that say which key it is. */
async function place() {
  const directory = temporaryDirectory();
  const at = (name: string) => join(directory, name);
  const uri = `gcp-kms://${gcp.keys.addCipher(`kek-${directory.slice(-6)}`)}`;
  const files = ['--out', at('keyset'), '--public-key-out', at('pub'), '--key-id-out', at('id')];
  const made = await keyset(undefined, 'create', '--origin', ORIGIN, '--key-encryption-key-uri', uri, ...files);
  expect([made.status, made.err]).toEqual([0, '']);
  const verify = (kek: string) => {
    const same = ['--origin', ORIGIN, '--public-key-file', at('pub'), '--key-id-file', at('id')];
    return keyset(undefined, 'verify', at('keyset'), '--key-encryption-key-uri', kek, ...same);
  };
  return { at, uri, verify };
}

test('a keyset moves from one service to the other, to a file and back, and signs for the same log', async () => {
  const { at, uri, verify } = await place();
  expect((await verify(uri)).status).toBe(0);
  expect((await runCli(['keyset', 'new-kek', '--out', at('kek')])).status).toBe(0);
  let now = uri;
  for (const next of [`aws-kms://${aws.keys.addCipher().arn}`, `file-kek://${at('kek')}`, uri]) {
    const uris = ['--key-encryption-key-uri', now, '--new-key-encryption-key-uri', next];
    const out = at(`moved-${next.slice(0, 3)}`);
    expect((await keyset(undefined, 'rewrap', at('keyset'), ...uris, '--out', out)).status).toBe(0);
    const same = ['--origin', ORIGIN, '--public-key-file', at('pub')];
    expect((await keyset(undefined, 'verify', out, '--key-encryption-key-uri', next, ...same)).status).toBe(0);
    expect((await keyset(undefined, 'rewrap', at('keyset'), ...uris, '--in-place')).status).toBe(0);
    expect((await verify(next)).status).toBe(0);
    expect((await verify(now)).status).toBe(1);
    now = next;
  }
});

test.each(['down', 'silent', 'refusing', 'garbage'] as const)(
  'a service that is %s is a plain error, in time',
  async (fault) => {
    const { at, uri, verify } = await place();
    const before = readFileSync(at('keyset'));
    gcp.faults.set(fault);
    const flags = ['--gcp-kms-timeout', '1', '--gcp-kms-retries', '0'];
    const argv = ['rotate', at('keyset'), '--origin', ORIGIN, '--key-encryption-key-uri', uri, '--in-place', ...flags];
    const result = await keyset(undefined, ...argv);
    gcp.faults.clear();
    expect([result.status, result.out, result.err]).toEqual([
      1,
      '',
      expect.stringMatching(/^error: [^\n]*KMS[^\n]*\n$/),
    ]);
    expect(readFileSync(at('keyset'))).toEqual(before);
    expect((await verify(uri)).status).toBe(0);
  },
);

test('an interrupt ends the wait for a service', async () => {
  const { at, uri } = await place();
  const controller = new AbortController();
  gcp.faults.set('silent');
  const asked = gcp.calls.length;
  const argv = [
    'public-key',
    at('keyset'),
    '--origin',
    ORIGIN,
    '--key-encryption-key-uri',
    uri,
    '--gcp-kms-timeout',
    '60',
  ];
  const result = keyset(controller.signal, ...argv);
  while (gcp.calls.length === asked) await new Promise((resolve) => setTimeout(resolve, 10));
  controller.abort();
  const { status, err } = await result;
  gcp.faults.clear();
  expect([status, err]).toEqual([1, expect.stringMatching(/^error: [^\n]+\n$/)]);
});

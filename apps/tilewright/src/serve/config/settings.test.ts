import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import { TLS_CERTIFICATE, TLS_KEY } from '@tilewright/signer/testing';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../flags/command-line.ts';
import { resolveFlags } from '../../flags/resolve-flags.ts';
import { temporaryDirectory } from '../../testing/temporary-directory.ts';
import { otherBackendFlags } from './other-backends.ts';
import { checkSettings, serveFlags } from './settings.ts';

function check(...words: readonly string[]): ReturnType<typeof checkSettings> {
  const line = parseCommandLine(serveFlags, words, otherBackendFlags);
  return checkSettings(resolveFlags(serveFlags, line));
}

function place(): { directory: string; storage: string; key: string; base: readonly string[] } {
  const directory = temporaryDirectory();
  const key = join(directory, 'key.pem');
  writeFileSync(key, generateEd25519KeyPem(), { mode: 0o600 });
  const storage = join(directory, 'log');
  return {
    directory,
    storage,
    key,
    base: ['--storage-dir', storage, '--signer-filepath', key, '--hostname', 'rekor.test'],
  };
}

test('good settings have the key loaded and nothing to say', async () => {
  const { base } = place();
  const { problems, warnings, settings } = await check(...base, '--server-timeout=1m30s');
  expect([problems, warnings]).toEqual([[], []]);
  expect(settings?.key.vkey).toMatch(/^rekor\.test\+[0-9a-f]{8}\+/);
  expect(settings?.values['server-timeout']).toBe(90_000);
  expect(settings?.values['persistent-antispam']).toBe(true);
});

test.each([
  [['--identity-mode'], '--identity-mode is not supported'],
  [['--witness-policy-path=w.txt'], '--witness-policy-path: there is no file w.txt'],
  [['--http-port=0'], '--http-port: "0" is not between 1 and 65535'],
  [['--grpc-port=3000'], '--http-port and --grpc-port are both 3000'],
  [['--http-metrics-port=3000'], '--http-port and --http-metrics-port are both 3000'],
  [['--grpc-address=0.0.0.0', '--grpc-port=2112'], '--http-metrics-port and --grpc-port are both 2112'],
  [['--http-tls-cert-file=c.pem'], '--http-tls-key-file is missing'],
  [['--grpc-tls-key-file=k.pem'], '--grpc-tls-cert-file is missing'],
  [
    ['--http-tls-cert-file=/none/c.pem', '--http-tls-key-file=/none/k.pem'],
    '--http-tls-cert-file: there is no file /none/c.pem',
  ],
  [['--hostname=a b'], '--hostname: the origin must not hold white space'],
  [['--hostname=a+b'], '--hostname: the origin must not hold white space'],
  [
    ['--client-signing-algorithms=foo'],
    'parsing signature algorithm flag: could not find matching signature algorithm for flag: foo',
  ],
  [
    ['--client-signing-algorithms=ed25519-ph,rsa-sign-pss-2048-sha256'],
    'algorithm rsa-sign-pss-2048-sha256 is not in the allowed set',
  ],
  [['--client-signing-algorithms=ed25519'], 'algorithm ed25519 is not in the allowed set'],
  [['--client-signing-algorithms='], 'must name at least one algorithm'],
  [['--checkpoint-interval=11m'], '"11m" is not between 1ms and 10m'],
  [['--checkpoint-interval=20'], 'is not a duration'],
  [['--log-level=trace'], '"trace" is not one of debug, info, warn, error'],
  [['--on-duplicate=ignore'], '"ignore" is not one of reject, return'],
  [['--gcp-cloudsql-dsn=d'], '--gcp-cloudsql-dsn: that storage backend is not part of this program'],
  [['--gcp-bucket=tiles'], '--storage-dir means nothing to --storage gcp'],
  [['--storage=gcp'], '--gcp-bucket must be set for --storage gcp'],
  [['--storage=posix', '--gcp-bucket=tiles'], '--gcp-bucket and --gcp-spanner mean nothing to --storage posix'],
  [['--storage=s3'], '"s3" is not one of posix, gcp'],
  [['--answer-at=signed'], '--answer-at=signed means nothing to --storage posix'],
  [['--answer-at=now'], '"now" is not one of published, signed'],
  [['--answer-interval=50ms'], '--answer-interval means nothing without --answer-at=signed'],
  [['--signer-kmshash=md5'], '"md5" is not one of sha256, sha384, sha512'],
  [['--signer-password-file=/none'], '--signer-password-file: there is no file /none'],
  [['--storage-dir='], '--storage-dir must be set, or --gcp-bucket and --gcp-spanner'],
])('%j is refused', async (words, message) => {
  const { problems, settings } = await check(...place().base, ...words);
  expect(problems.join('\n')).toContain(message);
  expect(settings).toBeUndefined();
});

test('every problem is reported at once, and none twice', async () => {
  const { problems } = await check(
    '--http-port=3001',
    '--identity-mode',
    '--hostname=a b',
    '--serve-timeout=1s',
    '--log-level=x',
  );
  expect(problems).toEqual([
    'unknown flag --serve-timeout (did you mean --server-timeout?)',
    expect.stringContaining('--log-level'),
    '--storage-dir must be set, or --gcp-bucket and --gcp-spanner',
    expect.stringContaining('--hostname'),
    expect.stringContaining('--identity-mode'),
    expect.stringContaining('--http-port and --grpc-port are both 3001'),
    expect.stringContaining('no key to sign with'),
  ]);
});

const DATABASE = 'projects/p1/instances/i1/databases/d1';

/** The settings of a log in a bucket, with more flags and an environment. */
function checkGcp(words: readonly string[], env: Record<string, string> = {}): ReturnType<typeof checkSettings> {
  const { key } = place();
  const line = parseCommandLine(serveFlags, ['--signer-filepath', key, '--hostname', 'rekor.test', ...words]);
  return checkSettings(resolveFlags(serveFlags, line), undefined, env);
}

test('a log in a bucket is named by bucket and database, and has a pace of its own', async () => {
  const { settings, problems } = await checkGcp(['--gcp-bucket=tiles', `--gcp-spanner=${DATABASE}`]);
  expect(problems).toEqual([]);
  expect(settings?.place).toEqual({
    kind: 'gcp',
    bucket: { bucket: 'tiles', prefix: '' },
    spanner: { project: 'p1', instance: 'i1', database: 'd1', tablePrefix: '' },
  });
  expect(settings?.values['checkpoint-interval']).toBe(1100);
});

test('emulators are named by the environment, and flags go before it', async () => {
  const env = { SPANNER_EMULATOR_HOST: 'localhost:9010', STORAGE_EMULATOR_HOST: 'localhost:4443' };
  const words = ['--gcp-bucket=tiles', '--gcp-bucket-prefix=logs/a', `--gcp-spanner=${DATABASE}`];
  const { settings } = await checkGcp(words, env);
  expect(settings?.place).toMatchObject({
    bucket: { prefix: 'logs/a/', endpoint: 'http://localhost:4443' },
    spanner: { emulator: 'localhost:9010', endpoint: undefined },
  });
  const flags = ['--gcp-storage-endpoint=https://storage.test', '--gcp-spanner-endpoint=spanner.test'];
  const other = await checkGcp([...words, ...flags], env);
  expect(other.settings?.place).toMatchObject({
    bucket: { endpoint: 'https://storage.test' },
    spanner: { emulator: undefined, endpoint: 'spanner.test' },
  });
});

test.each([
  [['--gcp-bucket=gs://tiles'], '--gcp-bucket: a bucket is named by'],
  [['--gcp-bucket-prefix=a//b'], '--gcp-bucket-prefix: a bucket prefix is like'],
  [['--gcp-spanner=d1'], '--gcp-spanner: a Spanner database is named projects/P/instances/I/databases/D'],
  [['--gcp-spanner-table-prefix=1; DROP'], '--gcp-spanner-table-prefix'],
  [['--gcp-storage-endpoint=tiles'], '--gcp-storage-endpoint: an endpoint of Cloud Storage is'],
  [['--gcp-spanner-endpoint=http://x'], '--gcp-spanner-endpoint'],
  [['--checkpoint-interval=1s'], '--checkpoint-interval: Cloud Storage lets an object be replaced once a second'],
  [['--answer-at=signed', '--personality=raw'], '--answer-at=signed means nothing to --personality raw'],
  [['--answer-interval=50ms'], '--answer-interval means nothing without --answer-at=signed'],
])('of a log in a bucket, %j is refused', async (words, message) => {
  const { problems, settings } = await checkGcp(['--gcp-bucket=tiles', `--gcp-spanner=${DATABASE}`, ...words]);
  expect(problems.join('\n')).toContain(message);
  expect(settings).toBeUndefined();
});

test('nobody is answered ahead of witnesses that have to cosign', async () => {
  const policy = join(temporaryDirectory(), 'policy');
  writeFileSync(policy, 'quorum none\n');
  const words = [
    '--gcp-bucket=tiles',
    `--gcp-spanner=${DATABASE}`,
    '--answer-at=signed',
    '--witness-policy-path',
    policy,
  ];
  const open = await checkGcp(words);
  expect([open.problems, open.settings?.values['answer-interval']]).toEqual([[], 100]);
  const closed = await checkGcp([...words, '--witness-fail-open=false']);
  expect(closed.problems.join()).toContain('--answer-at=signed contradicts --witness-fail-open=false');
  const slow = await checkGcp([...words, '--answer-interval=2s', '--witness-timeout=5s']);
  expect(slow.warnings.join()).toMatch(/--answer-interval is not shorter.*--witness-timeout is longer/);
});

test('a port that does not parse is not compared with the others', async () => {
  expect((await check(...place().base, '--http-port=x', '--grpc-port=3000')).problems).toHaveLength(1);
});

test('TLS files are read, and must belong together', async () => {
  const { directory, base } = place();
  const [cert, key, text] = ['cert.pem', 'tls-key.pem', 'text'].map((name) => join(directory, name));
  writeFileSync(cert ?? '', TLS_CERTIFICATE);
  writeFileSync(key ?? '', TLS_KEY);
  writeFileSync(text ?? '', 'hello');
  const tls = (...files: readonly (string | undefined)[]) =>
    check(...base, `--http-tls-cert-file=${files[0]}`, `--http-tls-key-file=${files[1]}`);
  expect((await tls(cert, key)).settings?.httpTls).toEqual({ certFile: cert, keyFile: key });
  expect((await tls(text, key)).problems.join()).toContain('are not a certificate and its key');
  expect((await tls(cert, join(directory, 'key.pem'))).problems.join()).toContain('are not a certificate and its key');
});

test('listeners on different addresses may share a port', async () => {
  expect((await check(...place().base, '--grpc-address=127.0.0.2', '--grpc-port=3000')).problems).toEqual([]);
});

test('a key below the storage directory is refused, through links too, and when the directory is new', async () => {
  const { directory, storage, key, base } = place();
  mkdirSync(join(storage, 'keys'), { recursive: true });
  writeFileSync(join(storage, 'keys', 'key.pem'), generateEd25519KeyPem(), { mode: 0o600 });
  symlinkSync(join(storage, 'keys', 'key.pem'), join(directory, 'link.pem'));
  symlinkSync(storage, join(directory, 'link-to-storage'));
  for (const path of ['log/keys/key.pem', 'link.pem', 'link-to-storage/keys/key.pem']) {
    const { problems } = await check(...base, '--signer-filepath', join(directory, path));
    expect(problems.join()).toContain('lies below --storage-dir');
  }
  const around = await check(...base, '--storage-dir', directory, '--signer-filepath', key);
  expect(around.problems.join()).toContain('lies below');
  expect((await check(...base, '--storage-dir', join(directory, 'log2'))).problems).toEqual([]);
});

test('a key that cannot be used is refused by its kind, and its text never shown', async () => {
  const { directory, base } = place();
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
  const pem = weak.export({ type: 'pkcs8', format: 'pem' }) as string;
  const file = join(directory, 'rsa.pem');
  writeFileSync(file, pem, { mode: 0o600 });
  const { problems } = await check(...base, '--signer-filepath', file);
  expect(problems.join('\n')).toMatch(/^--signer-filepath: .*1024-bit rsa/i);
  expect(problems.join('\n')).not.toContain(pem.split('\n')[1]);
  expect((await check(...base, '--signer-filepath', directory)).problems.join()).toContain('is not a file');
});

test('what is risky is a warning: a readable key, an origin that is a URL, logging that does nothing', async () => {
  const { key, base } = place();
  chmodSync(key, 0o644);
  const { warnings, problems } = await check(
    ...base,
    '--hostname',
    'http://rekor.test:3000',
    '--request-response-logging',
    '--checkpoint-interval=20s',
  );
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    expect.stringContaining('bare host name'),
    expect.stringContaining('--request-response-logging has no effect'),
    expect.stringContaining('--checkpoint-interval is not shorter'),
    expect.stringContaining(`chmod 600 ${key}`),
  ]);
});

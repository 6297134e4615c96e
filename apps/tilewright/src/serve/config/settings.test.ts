import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateEd25519KeyPem } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../flags/command-line.ts';
import { resolveFlags } from '../../flags/resolve-flags.ts';
import { temporaryDirectory } from '../../testing/temporary-directory.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../../testing/tls-certificate.ts';
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

test('good settings have the key loaded and nothing to say', () => {
  const { base } = place();
  const { problems, warnings, settings } = check(...base, '--server-timeout=1m30s');
  expect([problems, warnings]).toEqual([[], []]);
  expect(settings?.key.vkey).toMatch(/^rekor\.test\+[0-9a-f]{8}\+/);
  expect(settings?.values['server-timeout']).toBe(90_000);
  expect(settings?.values['persistent-antispam']).toBe(true);
});

test.each([
  [['--identity-mode'], '--identity-mode is not supported'],
  [['--witness-policy-path=w.txt'], '--witness-policy-path is not supported'],
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
  [['--gcp-bucket=b'], '--gcp-bucket: that storage backend is not part of this program'],
  [['--signer-kmskey=gcpkms://x'], '--signer-kmskey: keys in a KMS'],
  [['--signer-password-file=/none'], '--signer-password-file: there is no file /none'],
  [['--storage-dir='], '--storage-dir must not be empty'],
])('%j is refused', (words, message) => {
  const { problems, settings } = check(...place().base, ...words);
  expect(problems.join('\n')).toContain(message);
  expect(settings).toBeUndefined();
});

test('every problem is reported at once, and none twice', () => {
  const { problems } = check(
    '--http-port=3001',
    '--identity-mode',
    '--hostname=a b',
    '--serve-timeout=1s',
    '--log-level=x',
  );
  expect(problems).toEqual([
    'unknown flag --serve-timeout (did you mean --server-timeout?)',
    '--storage-dir must be set',
    '--signer-filepath must be set',
    expect.stringContaining('--log-level'),
    expect.stringContaining('--hostname'),
    expect.stringContaining('--identity-mode'),
    expect.stringContaining('--http-port and --grpc-port are both 3001'),
  ]);
});

test('a port that does not parse is not compared with the others', () => {
  expect(check(...place().base, '--http-port=x', '--grpc-port=3000').problems).toHaveLength(1);
});

test('TLS files are read, and must belong together', () => {
  const { directory, base } = place();
  const [cert, key, text] = ['cert.pem', 'tls-key.pem', 'text'].map((name) => join(directory, name));
  writeFileSync(cert ?? '', TLS_CERTIFICATE);
  writeFileSync(key ?? '', TLS_KEY);
  writeFileSync(text ?? '', 'hello');
  const tls = (...files: readonly (string | undefined)[]) =>
    check(...base, `--http-tls-cert-file=${files[0]}`, `--http-tls-key-file=${files[1]}`);
  expect(tls(cert, key).settings?.httpTls).toEqual({ certFile: cert, keyFile: key });
  expect(tls(text, key).problems.join()).toContain('are not a certificate and its key');
  expect(tls(cert, join(directory, 'key.pem')).problems.join()).toContain('are not a certificate and its key');
});

test('listeners on different addresses may share a port', () => {
  expect(check(...place().base, '--grpc-address=127.0.0.2', '--grpc-port=3000').problems).toEqual([]);
});

test('a key below the storage directory is refused, through links too, and when the directory is new', () => {
  const { directory, storage, key, base } = place();
  mkdirSync(join(storage, 'keys'), { recursive: true });
  writeFileSync(join(storage, 'keys', 'key.pem'), generateEd25519KeyPem(), { mode: 0o600 });
  symlinkSync(join(storage, 'keys', 'key.pem'), join(directory, 'link.pem'));
  symlinkSync(storage, join(directory, 'link-to-storage'));
  for (const path of ['log/keys/key.pem', 'link.pem', 'link-to-storage/keys/key.pem']) {
    expect(check(...base, '--signer-filepath', join(directory, path)).problems.join()).toContain(
      'lies below --storage-dir',
    );
  }
  expect(check(...base, '--storage-dir', directory, '--signer-filepath', key).problems.join()).toContain('lies below');
  expect(check(...base, '--storage-dir', join(directory, 'log2')).problems).toEqual([]);
});

test('a key that cannot be used is refused by its kind, and its text never shown', () => {
  const { directory, base } = place();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const file = join(directory, 'rsa.pem');
  writeFileSync(file, rsa, { mode: 0o600 });
  const { problems } = check(...base, '--signer-filepath', file);
  expect(problems.join('\n')).toMatch(/^--signer-filepath: .*rsa/i);
  expect(problems.join('\n')).not.toContain(rsa.split('\n')[1]);
  expect(check(...base, '--signer-filepath', directory).problems.join()).toContain('is not a file');
});

test('an encrypted key opens with its password file, or with a warning by flag, and not with both', () => {
  const { directory, base } = place();
  const file = join(directory, 'encrypted.pem');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(
    file,
    privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' }),
    { mode: 0o600 },
  );
  const password = join(directory, 'password');
  writeFileSync(password, 'geheim\n', { mode: 0o600 });
  const encrypted = [...base, '--signer-filepath', file];
  expect(check(...encrypted, '--signer-password-file', password).settings?.key.keyDetails).toBe(
    'PKIX_ECDSA_P256_SHA_256',
  );
  const byFlag = check(...encrypted, '--signer-password=geheim');
  expect(byFlag.settings).toBeDefined();
  expect(byFlag.warnings.join()).toContain('everybody on this machine can read a command line');
  expect(check(...encrypted, '--signer-password=geheim', '--signer-password-file', password).problems.join()).toContain(
    'exclude each other',
  );
  const wrong = check(...encrypted, '--signer-password=falsch').problems.join();
  expect(wrong).toContain('cannot be decrypted');
  expect(wrong).not.toContain('falsch');
});

test('what is risky is a warning: a readable key, an origin that is a URL, logging that does nothing', () => {
  const { key, base } = place();
  chmodSync(key, 0o644);
  const { warnings, problems } = check(
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

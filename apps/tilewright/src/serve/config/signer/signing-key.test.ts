import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  cleartextKeyset,
  encryptKeyset,
  fileKekUri,
  generateEd25519KeyPem,
  generateMlDsa44KeyPem,
  newFileKek,
  newKeyset,
  openKek,
} from '@tilewright/signer';
import { expect, test } from 'vitest';
import { parseCommandLine } from '../../../flags/command-line.ts';
import { resolveFlags } from '../../../flags/resolve-flags.ts';
import { temporaryDirectory } from '../../../testing/temporary-directory.ts';
import { otherBackendFlags } from '../other-backends.ts';
import { checkSettings, serveFlags } from '../settings.ts';

const KMS = { timeoutMs: 1000, retries: 0 };

type Checked = Awaited<ReturnType<typeof checkSettings>>;

function check(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Checked> {
  const line = parseCommandLine(serveFlags, words, otherBackendFlags);
  const readConfig = (): string => '';
  return checkSettings(resolveFlags(serveFlags, line, { env, readConfig }));
}

interface Place {
  readonly at: (name: string) => string;
  /** Writes a file that only its owner can use. */
  readonly write: (name: string, content: string | Uint8Array) => string;
  readonly base: readonly string[];
}

function place(): Place {
  const directory = temporaryDirectory();
  const at = (name: string): string => join(directory, name);
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(at(name), content, { mode: 0o600 });
    return at(name);
  };
  return { at, write, base: ['--storage-dir', at('log'), '--hostname', 'rekor.test'] };
}

function encryptedPem(password: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: password }) as string;
}

test('an encrypted key opens with its password from a file, the environment or, with a warning, a flag', async () => {
  const { write, base } = place();
  const encrypted = [...base, '--signer-filepath', write('key.pem', encryptedPem('geheim'))];
  for (const text of ['geheim', 'geheim\n', 'geheim\r\n']) {
    const { settings, warnings } = await check([...encrypted, '--signer-password-file', write('password', text)]);
    expect(settings?.key.keyDetails).toBe('PKIX_ECDSA_P256_SHA_256');
    expect(warnings).toEqual([]);
  }
  const byEnvironment = await check(encrypted, { TILEWRIGHT_SIGNER_PASSWORD: 'geheim' });
  expect([byEnvironment.problems, byEnvironment.warnings]).toEqual([[], []]);
  const byFlag = await check([...encrypted, '--signer-password=geheim']);
  expect(byFlag.problems).toEqual([]);
  expect(byFlag.warnings.join()).toContain('everybody on this machine can read a command line');
});

test('no password, a wrong one and two of them are told apart, and never shown', async () => {
  const { write, base } = place();
  const encrypted = [...base, '--signer-filepath', write('key.pem', encryptedPem('geheim'))];
  const none = (await check(encrypted)).problems.join();
  expect(none).toMatch(/key\.pem: the key file is encrypted \(PKCS#8\); give its password/);
  const wrong = (await check(encrypted, { TILEWRIGHT_SIGNER_PASSWORD: 'falsch' })).problems.join();
  expect(wrong).toContain('cannot be decrypted with this password');
  expect(wrong).not.toContain('falsch');
  const twice = [...encrypted, '--signer-password=geheim', '--signer-password-file', write('password', 'geheim')];
  expect((await check(twice)).problems.join()).toContain('exclude each other');
});

test('bytes of a password file that are not UTF-8 are the password all the same', async () => {
  const { write, base } = place();
  const password = Buffer.from([0xff, 0xfe, 0x41]);
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: password });
  const files = [write('key.pem', pem as string), write('password', Buffer.concat([password, Buffer.from('\n')]))];
  const { problems } = await check([
    ...base,
    '--signer-filepath',
    files[0] ?? '',
    '--signer-password-file',
    files[1] ?? '',
  ]);
  expect(problems).toEqual([]);
});

test('a keyset in the clear is read with a warning when others can read it, an encrypted one without', async () => {
  const { at, write, base } = place();
  const keyset = newKeyset('ED25519');
  const clear = write('clear.json', cleartextKeyset(keyset, 'json'));
  const first = await check([...base, '--signer-tink-keyset-path', clear]);
  expect([first.problems, first.warnings, first.settings?.keyPlace]).toEqual([[], [], 'tink']);
  chmodSync(clear, 0o644);
  expect((await check([...base, '--signer-tink-keyset-path', clear])).warnings.join()).toContain(`chmod 600 ${clear}`);

  write('kek', newFileKek());
  const uri = fileKekUri(at('kek'));
  const kek = await openKek(uri, KMS);
  const encrypted = write('keyset.json', await encryptKeyset(keyset, kek, 'json'));
  chmodSync(encrypted, 0o644);
  const second = await check([...base, '--signer-tink-keyset-path', encrypted, '--signer-tink-kek-uri', uri]);
  expect([second.problems, second.warnings]).toEqual([[], []]);
  expect(second.settings?.key.vkey).toBe(first.settings?.key.vkey);

  write('other-kek', newFileKek());
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['--signer-tink-keyset-path', encrypted], `--signer-tink-keyset-path: ${encrypted}: `],
    [
      ['--signer-tink-keyset-path', encrypted, '--signer-tink-kek-uri', fileKekUri(at('other-kek'))],
      '--signer-tink-kek-uri: ',
    ],
    [['--signer-tink-keyset-path', encrypted, '--signer-tink-kek-uri', 'hcvault://x'], '--signer-tink-kek-uri: '],
    [
      ['--signer-tink-keyset-path', encrypted, '--signer-tink-kek-uri', fileKekUri(at('none'))],
      '--signer-tink-kek-uri: ',
    ],
    [
      ['--signer-tink-keyset-path', write('cut', cleartextKeyset(keyset, 'binary').subarray(0, -3))],
      '--signer-tink-keyset-path: ',
    ],
    [['--signer-tink-keyset-path', at('none')], '--signer-tink-keyset-path: there is no file'],
    [['--signer-tink-kek-uri', uri], '--signer-tink-keyset-path is missing'],
    [['--signer-kmskey', 'hashivault://x'], '--signer-kmskey: '],
  ];
  for (const [words, start] of cases) {
    const { problems, settings } = await check([...base, ...words]);
    expect(settings).toBeUndefined();
    expect(problems).toEqual([expect.stringContaining(start)]);
    expect(problems[0]?.startsWith(start)).toBe(true);
  }
});

test('a file goes before a service before a keyset, and what is not used is said', async () => {
  const { write, base } = place();
  const file = ['--signer-filepath', write('key.pem', generateEd25519KeyPem())];
  const keyset = ['--signer-tink-keyset-path', write('keyset.json', cleartextKeyset(newKeyset('ED25519'), 'json'))];
  const service = ['--signer-kmskey', 'hashivault://x'];
  const all = await check([...base, ...keyset, ...service, ...file]);
  expect([all.problems, all.settings?.keyPlace]).toEqual([[], 'file']);
  expect(all.warnings).toEqual([
    '--signer-kmskey is not used: --signer-filepath goes before it',
    '--signer-tink-keyset-path is not used: --signer-filepath goes before it',
  ]);
  const two = await check([...base, ...keyset, ...service]);
  expect(two.problems).toEqual([expect.stringMatching(/^--signer-kmskey: "hashivault:\/\/x" does not name/)]);
  expect(two.warnings).toEqual(['--signer-tink-keyset-path is not used: --signer-kmskey goes before it']);
  expect((await check(base)).problems).toEqual([
    expect.stringMatching(/^no key to sign with: .*--signer-filepath.*--signer-kmskey.*--signer-tink-keyset-path/),
  ]);
  expect((await check([...base, '--signer-filepath=', ...keyset])).settings?.keyPlace).toBe('tink');
});

test('no secret may lie below the storage directory', async () => {
  const { at, write, base } = place();
  mkdirSync(at('log'));
  const keyset = newKeyset('ED25519');
  const outside = write('keyset.json', cleartextKeyset(keyset, 'json'));
  const key = write('key.pem', generateEd25519KeyPem());
  for (const words of [
    ['--signer-tink-keyset-path', write('log/keyset.json', cleartextKeyset(keyset, 'json'))],
    ['--signer-tink-keyset-path', outside, '--signer-tink-kek-uri', fileKekUri(write('log/kek', newFileKek()))],
    ['--signer-filepath', key, '--signer-additional-filepath', write('log/second.pem', generateMlDsa44KeyPem())],
  ]) {
    expect((await check([...base, ...words])).problems.join()).toContain('lies below --storage-dir');
  }
});

test('an additional signer has another kind of key and the same name', async () => {
  const { write, base } = place();
  const first = [...base, '--signer-filepath', write('key.pem', generateEd25519KeyPem())];
  expect((await check(first)).settings?.additionalSigner).toBeUndefined();
  const second = ['--signer-additional-filepath', write('second.pem', generateMlDsa44KeyPem())];
  const { settings, problems } = await check([...first, ...second]);
  expect(problems).toEqual([]);
  expect(settings?.additionalSigner).toMatchObject({ name: 'rekor.test', key: { type: 6 } });
  const wrong = await check([...first, '--signer-additional-filepath', write('wrong.pem', generateEd25519KeyPem())]);
  expect(wrong.problems).toEqual([expect.stringMatching(/^--signer-additional-filepath: .*wrong\.pem: .*ml-dsa-44/)]);
});

test('what clients cannot do with a kind of key is a warning', async () => {
  const { write, base } = place();
  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;
  const cases = [
    [generateKeyPairSync('ed25519').privateKey, []],
    [ec('P-256'), []],
    [ec('P-384'), [expect.stringContaining('P-384 or P-521')]],
    [ec('P-521'), [expect.stringContaining('P-384 or P-521')]],
    [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, [expect.stringContaining('RSA key')]],
  ] as const;
  for (const [index, [key, expected]] of cases.entries()) {
    const file = write(`key-${index}.pem`, key.export({ type: 'pkcs8', format: 'pem' }));
    const { warnings, problems } = await check([...base, '--signer-filepath', file]);
    expect([problems, warnings]).toEqual([[], expected]);
  }
});

test('key files of random bytes are refused without a trace', async () => {
  const { write, base } = place();
  for (let i = 0; i < 20; i++) {
    const { problems } = await check([...base, '--signer-filepath', write(`key-${i}`, randomBytes(64))]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).not.toMatch(/\n/);
  }
});

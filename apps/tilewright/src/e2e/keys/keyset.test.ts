import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { noteVerifierFromPublicKey } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { runCli } from '../../testing/run-cli.ts';
import { temporaryDirectory } from '../../testing/temporary-directory.ts';

const ORIGIN = 'log.example.com';
const KEY = '--key-encryption-key-uri';

/** A directory with a key encryption key, and what its URI is. */
async function place() {
  const directory = temporaryDirectory();
  const at = (name: string) => join(directory, name);
  const { status, out } = await runCli(['keyset', 'new-kek', '--out', at('kek'), '--json']);
  expect([status, JSON.parse(out)]).toEqual([0, { path: at('kek'), uri: `file-kek://${at('kek')}` }]);
  return { directory, at, kek: `file-kek://${at('kek')}` };
}

type Place = Awaited<ReturnType<typeof place>>;

async function create({ at, kek }: Place, name: string, ...more: readonly string[]) {
  const protection = more.includes('--cleartext') ? [] : [KEY, kek];
  const result = await runCli([
    ...['keyset', 'create', '--origin', ORIGIN, '--out', at(name), '--json'],
    ...['--public-key-out', at(`${name}.pub`), '--key-id-out', at(`${name}.id`)],
    ...protection,
    ...more,
  ]);
  return { ...result, facts: result.out === '' ? {} : JSON.parse(result.out) };
}

const mode = (path: string) => (statSync(path).mode % 0o1000).toString(8);

test('new-kek makes 32 bytes that only the owner can read, and never over a file', async () => {
  const { at } = await place();
  expect([readFileSync(at('kek')).length, mode(at('kek'))]).toEqual([32, '600']);
  const before = readFileSync(at('kek'));
  const again = await runCli(['keyset', 'new-kek', '--out', at('kek')]);
  expect([again.status, again.err]).toEqual([2, expect.stringContaining('is there already')]);
  expect(readFileSync(at('kek'))).toEqual(before);
  const nowhere = await runCli(['keyset', 'new-kek', '--out', at('none/kek')]);
  expect([nowhere.status, nowhere.err]).toEqual([2, expect.stringContaining('there is no directory')]);
});

test.each([
  ['ED25519', 'PKIX_ED25519', 'Ed25519'],
  ['ECDSA_P256', 'PKIX_ECDSA_P256_SHA_256', 'ECDSA P-256'],
  ['ECDSA_P384_SHA384', 'PKIX_ECDSA_P384_SHA_384', 'ECDSA P-384'],
  ['ECDSA_P521', 'PKIX_ECDSA_P521_SHA_512', 'ECDSA P-521'],
])('%s: create, info, public-key and verify agree, and nothing shows the key', async (template, keyDetails, type) => {
  const here = await place();
  const { at, kek } = here;
  const made = await create(here, 'keyset', '--key-template', template);
  expect(made.status).toBe(0);
  expect(made.err.includes('sigstore-js cannot verify')).toBe(/384|521/.test(template));
  const pem = readFileSync(at('keyset.pub'), 'utf8');
  const expected = noteVerifierFromPublicKey(pem, ORIGIN);
  const { vkey, logIdBase64: logId } = expected;
  expect(made.facts).toMatchObject({ origin: ORIGIN, vkey, logId, keyDetails, encryptedBy: kek });
  expect(readFileSync(at('keyset.id'), 'utf8')).toBe(`${logId}\n`);
  expect([mode(at('keyset')), readdirSync(here.directory).sort()]).toEqual([
    '600',
    ['kek', 'keyset', 'keyset.id', 'keyset.pub'],
  ]);
  const json = JSON.parse(readFileSync(at('keyset'), 'utf8'));
  expect(json.keysetInfo).toMatchObject({ primaryKeyId: made.facts.primaryKeyId, keyInfo: [{ status: 'ENABLED' }] });

  const shown = await runCli(['keyset', 'info', at('keyset'), '--json']);
  expect(JSON.parse(shown.out)).toMatchObject({
    encrypted: true,
    format: 'json',
    primaryKeyId: made.facts.primaryKeyId,
    keys: [{ id: made.facts.primaryKeyId, status: 'ENABLED', prefix: 'TINK', primary: true }],
  });
  const opened = await runCli(['keyset', 'info', at('keyset'), KEY, kek, '--json']);
  expect(JSON.parse(opened.out)).toMatchObject({ encryptedBy: kek, keys: [{ type }] });
  const text = await runCli(['keyset', 'info', at('keyset'), KEY, kek]);
  expect(text.out).toContain(`${made.facts.primaryKeyId}  ${type}  ENABLED  prefix TINK  primary`);

  const shownKey = await runCli(['keyset', 'public-key', at('keyset'), KEY, kek, '--origin', ORIGIN]);
  expect(shownKey.out).toContain(pem.trim());
  expect(shownKey.out).toContain(vkey);
  expect(createPublicKey(shownKey.out).export({ type: 'spki', format: 'pem' })).toBe(pem);
  const args = [KEY, kek, '--origin', ORIGIN, '--key-id-file', at('keyset.id'), '--public-key-file', at('keyset.pub')];
  const verified = await runCli(['keyset', 'verify', at('keyset'), ...args, '--json']);
  expect(verified.status).toBe(0);
  expect(JSON.parse(verified.out)).toMatchObject({ verified: true, vkey, logId, keyDetails });
});

test('nothing is overwritten, and nothing is left when one of the files is there', async () => {
  const here = await place();
  for (const name of ['keyset', 'keyset.pub', 'keyset.id']) {
    writeFileSync(here.at(name), 'mine');
    const { status, err } = await create(here, 'keyset');
    expect([status, err]).toEqual([2, expect.stringContaining(`${here.at(name)} is there already`)]);
    expect(readFileSync(here.at(name), 'utf8')).toBe('mine');
    rmSync(here.at(name));
    expect(readdirSync(here.directory)).toEqual(['kek']);
  }
  symlinkSync(here.at('nowhere'), here.at('keyset'));
  expect(await create(here, 'keyset')).toMatchObject({ status: 2 });
  expect(existsSync(here.at('nowhere'))).toBe(false);
  const twice = await create(here, 'other', '--public-key-out', here.at('other'));
  expect([twice.status, twice.err]).toEqual([2, expect.stringContaining('are the same')]);
});

test('a keyset in the clear must be asked for', async () => {
  const here = await place();
  const base = ['keyset', 'create', '--origin', ORIGIN, '--out', here.at('clear')];
  const none = await runCli(base);
  expect([none.status, none.err]).toEqual([2, expect.stringContaining('--cleartext')]);
  const both = await runCli([...base, '--cleartext', KEY, here.kek]);
  expect([both.status, both.err]).toEqual([2, expect.stringContaining('exclude each other')]);
  expect(readdirSync(here.directory)).toEqual(['kek']);
  const made = await create(here, 'clear', '--cleartext');
  expect([made.status, mode(here.at('clear')), made.facts.encryptedBy]).toEqual([0, '600', null]);
  const info = await runCli(['keyset', 'info', here.at('clear')]);
  expect(info.out).toContain('nothing encrypts it');
  const verify = ['keyset', 'verify', here.at('clear'), '--origin', ORIGIN];
  expect((await runCli(verify)).status).toBe(0);
  const named = await runCli([...verify, KEY, here.kek]);
  expect([named.status, named.err]).toEqual([1, expect.stringContaining('is not encrypted')]);
});

test('rotate adds a key that signs, keeps the old one, and says that it is another log', async () => {
  const here = await place();
  const { at, kek } = here;
  const made = await create(here, 'keyset', '--key-template', 'ECDSA_P256');
  const rotate = ['keyset', 'rotate', at('keyset'), '--origin', 'log-2.example.com', KEY, kek];
  const nowhere = await runCli(rotate);
  expect([nowhere.status, nowhere.err]).toEqual([2, expect.stringContaining('either --out or --in-place')]);
  const files = ['--public-key-out', at('2.pub'), '--key-id-out', at('2.id')];
  const out = await runCli([...rotate, '--out', at('keyset-2'), ...files, '--json']);
  const facts = JSON.parse(out.out);
  expect([out.status, out.err]).toEqual([0, expect.stringContaining('is that of another log')]);
  expect(facts).toMatchObject({
    oldPrimaryKeyId: made.facts.primaryKeyId,
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    backup: null,
  });
  expect(facts.logId).not.toBe(made.facts.logId);
  const expected = noteVerifierFromPublicKey(readFileSync(at('2.pub'), 'utf8'), 'log-2.example.com');
  expect([facts.vkey, `${facts.logId}\n`]).toEqual([expected.vkey, readFileSync(at('2.id'), 'utf8')]);
  const keys = JSON.parse((await runCli(['keyset', 'info', at('keyset-2'), '--json'])).out).keys;
  expect(keys).toMatchObject([
    { id: made.facts.primaryKeyId, primary: false, status: 'ENABLED' },
    { id: facts.primaryKeyId, primary: true, status: 'ENABLED' },
  ]);
  const old = await runCli([
    'keyset',
    'verify',
    at('keyset-2'),
    KEY,
    kek,
    '--origin',
    ORIGIN,
    '--key-id-file',
    at('keyset.id'),
  ]);
  expect([old.status, old.err]).toEqual([1, expect.stringContaining('not the one in --key-id-file')]);

  const before = readFileSync(at('keyset'));
  chmodSync(at('keyset'), 0o640);
  const inPlace = await runCli([...rotate, '--in-place', '--key-template', 'ED25519', '--json']);
  const changed = JSON.parse(inPlace.out);
  expect(changed).toMatchObject({ keyset: at('keyset'), keyDetails: 'PKIX_ED25519' });
  expect(changed.backup).toMatch(/keyset\.\d{8}T\d{9}Z\.bak$/);
  expect(readFileSync(changed.backup)).toEqual(before);
  expect(mode(at('keyset'))).toBe('640');
  expect((await runCli(['keyset', 'verify', at('keyset'), KEY, kek, '--origin', ORIGIN])).status).toBe(0);
  expect(readdirSync(here.directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('rotate leaves a keyset in the clear only when that is asked for', async () => {
  const here = await place();
  await create(here, 'clear', '--cleartext');
  const rotate = ['keyset', 'rotate', here.at('clear'), '--origin', ORIGIN, '--out', here.at('next')];
  expect((await runCli(rotate)).status).toBe(2);
  expect((await runCli([...rotate, KEY, here.kek])).err).toContain('is not encrypted');
  expect(existsSync(here.at('next'))).toBe(false);
  expect((await runCli([...rotate, '--cleartext'])).status).toBe(0);
  const encrypted = await create(here, 'encrypted');
  expect(encrypted.status).toBe(0);
  const opened = await runCli([
    'keyset',
    'rotate',
    here.at('encrypted'),
    '--origin',
    ORIGIN,
    '--out',
    here.at('x'),
    '--cleartext',
  ]);
  expect([opened.status, opened.err]).toEqual([1, expect.stringContaining('the keyset is encrypted')]);
});

test('rewrap changes what encrypts the keyset, and not its keys', async () => {
  const here = await place();
  const { at, kek } = here;
  const made = await create(here, 'keyset');
  expect((await runCli(['keyset', 'new-kek', '--out', at('kek-2')])).status).toBe(0);
  const next = `file-kek://${at('kek-2')}`;
  const rewrap = ['keyset', 'rewrap', at('keyset'), KEY, kek, '--new-key-encryption-key-uri', next];
  expect((await runCli([...rewrap, '--out', at('keyset-2')])).status).toBe(0);
  const same = ['--origin', ORIGIN, '--key-id-file', at('keyset.id'), '--public-key-file', at('keyset.pub')];
  expect((await runCli(['keyset', 'verify', at('keyset-2'), KEY, next, ...same])).status).toBe(0);
  const wrong = await runCli(['keyset', 'verify', at('keyset-2'), KEY, kek, ...same]);
  expect([wrong.status, wrong.err]).toEqual([1, expect.stringContaining('cannot decrypt the keyset')]);
  const inPlace = await runCli([...rewrap, '--in-place', '--json']);
  expect(JSON.parse(inPlace.out)).toMatchObject({ encryptedBy: next, primaryKeyId: made.facts.primaryKeyId });
  expect((await runCli(['keyset', 'verify', at('keyset'), KEY, next, ...same])).status).toBe(0);
  expect((await runCli(['keyset', 'verify', JSON.parse(inPlace.out).backup, KEY, kek, ...same])).status).toBe(0);
});

test('rewrap encrypts a keyset in the clear, and leaves no copy of it', async () => {
  const here = await place();
  const { at, kek } = here;
  const made = await create(here, 'clear', '--cleartext');
  const rewrap = ['keyset', 'rewrap', at('clear'), '--new-key-encryption-key-uri', kek];
  const beside = await runCli([...rewrap, '--out', at('beside')]);
  expect([beside.status, beside.err]).toEqual([0, expect.stringContaining('still holds the keys in the clear')]);
  const clear = readFileSync(at('clear'), 'utf8');
  const { value } = JSON.parse(clear).key[0].keyData;
  const done = await runCli([...rewrap, '--in-place', '--json']);
  expect(JSON.parse(done.out)).toMatchObject({ backup: null, primaryKeyId: made.facts.primaryKeyId });
  for (const name of readdirSync(here.directory)) expect(readFileSync(at(name), 'utf8')).not.toContain(value);
  const same = ['--origin', ORIGIN, '--key-id-file', at('clear.id')];
  expect((await runCli(['keyset', 'verify', at('clear'), KEY, kek, ...same])).status).toBe(0);
});

test('each thing that is wrong with a keyset has its own words, exit status 1 from verify, and no stack', async () => {
  const here = await place();
  const { at, kek } = here;
  await create(here, 'clear', '--cleartext');
  await create(here, 'encrypted');
  await create(here, 'other');
  await runCli(['keyset', 'new-kek', '--out', at('kek-2')]);
  const file = JSON.parse(readFileSync(at('clear'), 'utf8'));
  const [key] = file.key;
  const write = (name: string, content: unknown): string => {
    writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
    return at(name);
  };
  const encrypted = readFileSync(at('encrypted'), 'utf8');
  const relabelled = { ...JSON.parse(encrypted), keysetInfo: { primaryKeyId: 5, keyInfo: [] } };
  const typed = (typeUrl: string) => ({ ...file, key: [{ ...key, keyData: { ...key.keyData, typeUrl } }] });
  const value = Buffer.from(key.keyData.value, 'base64');
  value[value.length - 1] = (value.at(-1) ?? 0) ^ 1;
  const disagreeing = { ...file, key: [{ ...key, keyData: { ...key.keyData, value: value.toString('base64') } }] };
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    [write('cut', encrypted.slice(0, -20)), [KEY, kek], 'is not whole JSON'],
    [write('disabled', { ...file, key: [{ ...key, status: 'DISABLED' }] }), [], 'is disabled'],
    [write('none', { ...file, primaryKeyId: 5 }), [], 'has no key 5'],
    [write('two', { ...file, key: [key, key] }), [], 'two enabled keys'],
    [write('type', typed('type.googleapis.com/google.crypto.tink.AesGcmKey')), [], 'is of type AesGcmKey'],
    [write('disagrees', disagreeing), [], 'has the public key of another private key'],
    [at('encrypted'), [KEY, `file-kek://${at('kek-2')}`], 'cannot decrypt the keyset'],
    [at('encrypted'), [], 'the keyset is encrypted; name'],
    [write('relabelled', relabelled), [KEY, kek], 'is not what it holds'],
    [at('encrypted'), [KEY, kek, '--key-id-file', at('other.id')], 'not the one in --key-id-file'],
    [at('encrypted'), [KEY, kek, '--public-key-file', at('other.pub')], 'not the one in --public-key-file'],
    [at('encrypted'), [KEY, kek, '--public-key-file', at('other.id')], 'no PEM block'],
  ];
  const messages = new Set<string>();
  for (const [path, args, words] of cases) {
    const { status, out, err } = await runCli(['keyset', 'verify', path, '--origin', ORIGIN, ...args]);
    expect([path, status, out, err]).toEqual([path, 1, '', expect.stringContaining(words)]);
    expect(err).toMatch(/^error: [^\n]*\n$/);
    expect(err).not.toContain(key.keyData.value.slice(0, 20));
    messages.add(err.replace(path, ''));
  }
  expect(messages.size).toBe(cases.length);
});

test('what is wrong with the command line or the machine is exit status 2', async () => {
  const here = await place();
  const { at, kek } = here;
  await create(here, 'keyset');
  copyFileSync(at('kek'), at('shared'));
  chmodSync(at('shared'), 0o644);
  writeFileSync(at('short'), 'short', { mode: 0o600 });
  mkdirSync(at('folder'));
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['verify', at('absent'), '--origin', ORIGIN, KEY, kek], 'there is no file'],
    [['verify', at('folder'), '--origin', ORIGIN, KEY, kek], 'is not a file'],
    [['verify', at('keyset'), KEY, kek], '--origin must be set'],
    [['verify', at('keyset'), '--origin', 'two words', KEY, kek], 'without white space'],
    [['verify', at('keyset'), '--origin', ORIGIN, KEY, 'vault://x'], 'gcp-kms:// or aws-kms://'],
    [['verify', at('keyset'), '--origin', ORIGIN, KEY, 'file-kek://relative'], 'an absolute path'],
    [['verify', at('keyset'), '--origin', ORIGIN, KEY, `file-kek://${at('absent')}`], 'does not exist'],
    [['verify', at('keyset'), '--origin', ORIGIN, KEY, `file-kek://${at('shared')}`], 'chmod 600'],
    [['verify', at('keyset'), '--origin', ORIGIN, KEY, `file-kek://${at('short')}`], 'does not hold 32 bytes'],
    [['verify', at('keyset'), '--origin', ORIGIN, KEY, kek, '--key-id-file', at('absent')], 'there is no file'],
    [['create', '--origin', ORIGIN, '--out', at('x'), KEY, kek, '--key-template', 'RSA'], 'is not one of ED25519'],
    [['create', '--origin', ORIGIN, '--out', at('none/x'), KEY, kek], 'there is no directory'],
    [['create', '--origin', ORIGIN, '--out', at('x'), KEY, `file-kek://${at('absent')}`], 'does not exist'],
    [['create', '--origin', 'two words', '--out', at('x'), KEY, kek], 'without white space'],
    [['rewrap', at('keyset'), KEY, kek, '--in-place'], '--new-key-encryption-key-uri must be set'],
    [['info'], 'missing <keyset'],
    [['explode'], 'unknown command keyset explode'],
  ];
  for (const [argv, words] of cases) {
    const { status, out, err } = await runCli(['keyset', ...argv]);
    expect([argv, status, out]).toEqual([argv, 2, '']);
    expect(err).toContain(words);
    expect(err).not.toMatch(/\n\s+at /);
  }
  expect(existsSync(at('x'))).toBe(false);
});

test('each command has its help', async () => {
  for (const name of ['create', 'new-kek', 'info', 'public-key', 'verify', 'rotate', 'rewrap']) {
    const { status, out } = await runCli(['keyset', name, '--help']);
    expect([name, status, out]).toEqual([name, 0, expect.stringContaining(`tilewright keyset ${name}`)]);
    expect(out).toContain('--json');
  }
  expect((await runCli(['keyset', '--help'])).out).toContain('keyset rewrap');
});

test('a private key of a keyset in the clear is one that OpenSSL agrees with', async () => {
  const here = await place();
  await create(here, 'clear', '--cleartext');
  const { value } = JSON.parse(readFileSync(here.at('clear'), 'utf8')).key[0].keyData;
  const seed = Buffer.from(value, 'base64').subarray(2, 34);
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  expect(pem).toBe(readFileSync(here.at('clear.pub'), 'utf8'));
});

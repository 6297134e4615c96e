import { readFileSync, writeFileSync } from 'node:fs';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { parseVerifierKey } from '@tilewright/core/note';
import { ecdsaNoteVerifier } from '@tilewright/core/note/ecdsa';
import { ed25519NoteVerifier } from '@tilewright/core/note/ed25519';
import { expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../../testing/entry-request.ts';
import { keysetPlace } from '../../testing/keyset-place.ts';
import { runCli } from '../../testing/run-cli.ts';
import { type LogPlace, serveHere } from '../../testing/running-log.ts';
import { sigstoreIdentity } from '../../testing/sigstore-bundle.ts';

const KEY = '--key-encryption-key-uri';
const TEMPLATES = ['ED25519', 'ECDSA_P256', 'ECDSA_P384_SHA384', 'ECDSA_P521'];

const serving = (place: Pick<LogPlace, 'flags' | 'url'>) => serveHere(place as LogPlace);

test.each(TEMPLATES)(
  'a log serves from an encrypted keyset of %s; its checkpoint opens with the printed vkey',
  async (template) => {
    const place = await keysetPlace(template);
    const server = await serving(place);
    const entry = (await (await postEntry(place.url, entryRequest('x'))).json()) as EntryJson;
    const note = Buffer.from(entry.inclusionProof.checkpoint.envelope);
    const vkey = parseVerifierKey(place.key.vkey);
    const portable = template === 'ED25519' ? ed25519NoteVerifier(vkey) : ecdsaNoteVerifier(vkey);
    for (const verifier of [portable, place.key.verifier]) {
      expect(openCheckpoint(note, 'localhost', verifier).size).toBe(1);
    }
    expect(entry).toMatchObject({ logId: { keyId: place.key.logIdBase64 } });
    const byFile = ['log', 'status', place.url, '--public-key', place.at('log.pub'), '--origin', 'localhost', '--json'];
    const logId = readFileSync(place.at('log.id'), 'utf8').trim();
    expect(JSON.parse((await runCli(byFile)).out)).toMatchObject({ size: 1, logId });
    expect(await server.stop()).toBe(0);
  },
);

test.each(TEMPLATES)(
  '@sigstore/verify takes a bundle of a log with a keyset of %s, or cannot, as create says',
  async (template) => {
    const place = await keysetPlace(template);
    await serving(place);
    const identity = sigstoreIdentity(place.url, place.key);
    if (/384|521/.test(template)) await expect(identity).rejects.toThrow(/checkpoint|inclusion/i);
    else expect(await identity).toBe('https://ci.example.com/job/7');
  },
);

test('after rotate, serve refuses the old log and says why; after rewrap it goes on', async () => {
  const place = await keysetPlace('ED25519');
  const { at, kek, keyset } = place;
  expect(await (await serving(place)).stop()).toBe(0);

  const kek2 = `file-kek://${at('kek-2')}`;
  expect((await runCli(['keyset', 'new-kek', '--out', at('kek-2')])).status).toBe(0);
  const rewrap = ['keyset', 'rewrap', keyset, KEY, kek, '--new-key-encryption-key-uri', kek2, '--in-place'];
  expect((await runCli(rewrap)).status).toBe(0);
  const stale = await runCli(['serve', ...place.flags]);
  expect([stale.status, stale.err]).toEqual([2, expect.stringContaining('cannot decrypt the keyset')]);
  const flags = place.flags.map((flag) => (flag === kek ? kek2 : flag));
  expect(await (await serving({ ...place, flags })).stop()).toBe(0);

  const rotate = ['keyset', 'rotate', keyset, '--origin', 'localhost', KEY, kek2, '--in-place'];
  expect((await runCli(rotate)).status).toBe(0);
  const refused = await runCli(['serve', ...flags]);
  expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('a log never changes its key')]);
  expect(refused.err).not.toMatch(/\n\s+at /);
});

test('what is wrong with a keyset ends serve with 2, in its own words, and no stack', async () => {
  const place = await keysetPlace('ED25519');
  const { at, kek, keyset } = place;
  const clear = ['keyset', 'create', '--origin', 'localhost', '--out', at('clear.json'), '--cleartext'];
  expect((await runCli(clear)).status).toBe(0);
  const file = JSON.parse(readFileSync(at('clear.json'), 'utf8'));
  const [key] = file.key;
  const value = Buffer.from(key.keyData.value, 'base64');
  value[value.length - 1] = (value.at(-1) ?? 0) ^ 1;
  const write = (name: string, content: unknown): string => {
    writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
    return at(name);
  };
  const withKey = (change: object) => ({ ...file, key: [{ ...key, ...change }] });
  const withData = (change: object) => withKey({ keyData: { ...key.keyData, ...change } });
  const typeUrl = 'type.googleapis.com/google.crypto.tink.HmacKey';
  const cases: readonly (readonly [string, string | undefined, string])[] = [
    [write('cut', readFileSync(keyset, 'utf8').slice(0, 300)), kek, 'is not whole JSON'],
    [write('disabled', withKey({ status: 'DISABLED' })), undefined, 'is disabled'],
    [write('two', { ...file, key: [key, key] }), undefined, 'two enabled keys'],
    [write('type', withData({ typeUrl })), undefined, 'is of type HmacKey'],
    [write('other', withData({ value: value.toString('base64') })), undefined, 'public key of another private key'],
    [keyset, undefined, 'the keyset is encrypted'],
    [at('clear.json'), kek, 'is not encrypted'],
    [keyset, `file-kek://${at('absent')}`, 'does not exist'],
    [keyset, 'file-kek://relative', 'an absolute path'],
  ];
  const without = place.flags.indexOf('--signer-tink-keyset-path');
  const base = place.flags.filter((_, i) => i < without || i > without + 3);
  for (const [path, uri, words] of cases) {
    const kekFlags = uri === undefined ? [] : ['--signer-tink-kek-uri', uri];
    const { status, err } = await runCli(['serve', ...base, '--signer-tink-keyset-path', path, ...kekFlags]);
    expect([words, status, err]).toEqual([words, 2, expect.stringContaining(words)]);
    expect(err).not.toMatch(/\n\s+at /);
    expect(err).not.toContain(key.keyData.value.slice(0, 20));
  }
});

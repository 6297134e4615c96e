import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckpoint } from '@tilewright/core/checkpoint';
import { noteVerifierFromVkey } from '@tilewright/signer';
import { expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../testing/entry-request.ts';
import { runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere } from '../testing/running-log.ts';

const KEY = '--key-encryption-key-uri';

/** The flags of `serve` there without its key file. */
function withoutKeyFile({ flags }: LogPlace): string[] {
  const at = flags.indexOf('--signer-filepath');
  return flags.filter((_, i) => i !== at && i !== at + 1);
}

/** A place for a log whose key is in an encrypted keyset. */
async function keysetPlace(template: string) {
  const place = await logPlace();
  const at = (name: string) => join(place.directory, name);
  const kek = `file-kek://${at('kek')}`;
  expect((await runCli(['keyset', 'new-kek', '--out', at('kek')])).status).toBe(0);
  const created = await runCli([
    ...['keyset', 'create', '--key-template', template, '--origin', 'localhost', KEY, kek],
    ...['--out', at('keyset.json'), '--public-key-out', at('log.pub'), '--key-id-out', at('log.id'), '--json'],
  ]);
  expect(created.status).toBe(0);
  const facts: { readonly vkey: string; readonly logId: string } = JSON.parse(created.out);
  const signer = ['--signer-tink-keyset-path', at('keyset.json'), '--signer-tink-kek-uri', kek];
  return { place: { ...place, flags: [...withoutKeyFile(place), ...signer] }, at, kek, ...facts };
}

test.each(['ED25519', 'ECDSA_P256', 'ECDSA_P384_SHA384', 'ECDSA_P521'])(
  'a log serves from an encrypted keyset of %s; its checkpoint opens with the vkey that create printed',
  async (template) => {
    const { place, vkey, logId, at } = await keysetPlace(template);
    const server = await serveHere(place);
    const entry = (await (await postEntry(place.url, entryRequest('x'))).json()) as EntryJson;
    const { verifier, origin } = noteVerifierFromVkey(vkey);
    const checkpoint = openCheckpoint(Buffer.from(entry.inclusionProof.checkpoint.envelope), origin, verifier);
    expect(checkpoint.size).toBe(1);
    expect(entry).toMatchObject({ logId: { keyId: logId } });
    const byKey = ['log', 'status', place.url, '--public-key', at('log.pub'), '--origin', 'localhost', '--json'];
    expect(JSON.parse((await runCli(byKey)).out)).toMatchObject({
      size: 1,
      logId: readFileSync(at('log.id'), 'utf8').trim(),
    });
    expect(await server.stop()).toBe(0);
  },
);

test('after rotate, serve refuses the old log and says why; after rewrap it goes on', async () => {
  const { place, at, kek } = await keysetPlace('ED25519');
  expect(await (await serveHere(place)).stop()).toBe(0);

  const kek2 = `file-kek://${at('kek-2')}`;
  expect((await runCli(['keyset', 'new-kek', '--out', at('kek-2')])).status).toBe(0);
  const rewrap = ['keyset', 'rewrap', at('keyset.json'), KEY, kek, '--new-key-encryption-key-uri', kek2];
  expect((await runCli([...rewrap, '--in-place'])).status).toBe(0);
  const stale = await runCli(['serve', ...place.flags]);
  expect([stale.status, stale.err]).toEqual([2, expect.stringContaining('cannot decrypt the keyset')]);
  expect(stale.err).not.toMatch(/\n\s+at /);
  const flags = place.flags.map((flag) => (flag === kek ? kek2 : flag));
  expect(await (await serveHere({ ...place, flags })).stop()).toBe(0);

  const rotate = ['keyset', 'rotate', at('keyset.json'), '--origin', 'localhost', KEY, kek2, '--in-place'];
  expect((await runCli(rotate)).status).toBe(0);
  const refused = await runCli(['serve', ...flags]);
  expect(refused.status).toBe(2);
  expect(refused.err).toMatch(/key/);
  expect(refused.err).not.toMatch(/\n\s+at /);
});

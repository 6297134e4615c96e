import { createPublicKey } from 'node:crypto';
import { copyFileSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type EntryJson, entryRequest, postEntry } from '../testing/entry-request.ts';
import { runCli } from '../testing/run-cli.ts';
import { type LogPlace, logPlace, serveHere } from '../testing/running-log.ts';

/** A log of a few entries, whose server has stopped unless told otherwise. */
async function smallLog(
  entries: number,
): Promise<LogPlace & { answers: readonly EntryJson[]; stop: () => Promise<void> }> {
  const place = await logPlace();
  const server = await serveHere(place);
  const answers: EntryJson[] = [];
  for (let i = 0; i < entries; i++)
    answers.push((await (await postEntry(place.url, entryRequest(`${i}`))).json()) as EntryJson);
  const stop = async (): Promise<void> => {
    expect(await server.stop()).toBe(0);
  };
  return { ...place, answers, stop };
}

test('a log is made once, and serve goes on with it', async () => {
  const place = await logPlace();
  const init = ['log', 'init', place.storage, '--signer-filepath', place.keyFile, '--hostname', 'localhost'];
  const made = await runCli([...init, '--json']);
  expect([made.status, made.err]).toEqual([0, '']);
  expect(JSON.parse(made.out)).toMatchObject({
    origin: 'localhost',
    vkey: place.key.vkey,
    logId: place.key.logIdBase64,
  });
  expect(readFileSync(join(place.storage, 'checkpoint'), 'utf8')).toMatch(/^localhost\n0\n47DEQpj8HBSa/);
  const twice = await runCli(init);
  expect([twice.status, twice.err]).toEqual([2, expect.stringContaining('there is a log')]);
  await serveHere(place);
  expect(((await (await postEntry(place.url, entryRequest('x'))).json()) as EntryJson).logIndex).toBe('0');
});

test('status and proofs of a log in use, by URL and directory, with vkey or public key', async () => {
  const place = await smallLog(3);
  const pub = join(place.directory, 'log.pub');
  writeFileSync(pub, place.key.spkiPem);
  const keys = [
    ['--vkey', place.key.vkey],
    ['--public-key', pub, '--origin', 'localhost'],
    ['--public-key', pub, '--hostname', 'localhost'],
  ];
  for (const log of [place.url, `${place.url}/api/v2/`, place.storage, `file://${place.storage}`]) {
    for (const key of keys) {
      const { status, out } = await runCli(['log', 'status', log, ...key, '--json']);
      expect(status).toBe(0);
      expect(JSON.parse(out)).toMatchObject({
        origin: 'localhost',
        size: 3,
        rootHash: place.answers[2]?.inclusionProof.rootHash,
      });
    }
    const { out } = await runCli(['log', 'prove', log, '1', '--vkey', place.key.vkey, '--json']);
    const proof = JSON.parse(out);
    expect(proof).toMatchObject({ logIndex: 1, treeSize: 3, entry: place.answers[1]?.canonicalizedBody });
    expect(proof.inclusionProof).toHaveLength(2);
  }
  const state = await runCli(['log', 'status', place.storage, '--vkey', place.key.vkey, '--json']);
  expect(JSON.parse(state.out)).toMatchObject({
    format: 1,
    integrated: 3,
    frozen: false,
    lastWriter: expect.stringContaining('process '),
  });
  const old = join(place.directory, 'old');
  writeFileSync(old, place.answers[0]?.inclusionProof.checkpoint.envelope ?? '');
  const consistent = await runCli([
    'log',
    'prove',
    place.storage,
    '--old-checkpoint',
    old,
    '--vkey',
    place.key.vkey,
    '--json',
  ]);
  expect([consistent.status, JSON.parse(consistent.out)]).toEqual([
    0,
    expect.objectContaining({ oldSize: 1, treeSize: 3 }),
  ]);

  const stranger = await logPlace();
  const cases: readonly (readonly [readonly string[], number, string])[] = [
    [['status', place.url], 2, 'whose log?'],
    [['status', place.url, '--vkey', stranger.key.vkey], 1, 'cannot be trusted'],
    [['status', join(place.directory, 'none'), '--vkey', place.key.vkey], 2, 'there is no directory'],
    [['status', 'ftp://x', '--vkey', place.key.vkey], 2, 'an http, https or gs URL or a directory'],
    [['status', place.directory, '--vkey', place.key.vkey], 1, 'has no checkpoint'],
    [['status', place.url, '--public-key', pub], 2, '--public-key needs --origin'],
    [['prove', place.url, '3', '--vkey', place.key.vkey], 1, 'there is no entry 3'],
    [['prove', place.url, '-1', '--vkey', place.key.vkey], 2, 'unknown flag -1'],
    [['prove', place.url, '01', '--vkey', place.key.vkey], 2, 'is not an index'],
    [['prove', place.url, '--vkey', place.key.vkey], 2, 'missing <index>'],
  ];
  for (const [argv, expected, message] of cases) {
    const { status, err } = await runCli(['log', ...argv]);
    expect([argv, status]).toEqual([argv, expected]);
    expect(err).toContain(message);
  }
});

test('fsck names each damaged file, whichever byte of whichever file is flipped', async () => {
  const place = await smallLog(5);
  await place.stop();
  const fsck = () => runCli(['log', 'fsck', place.storage, '--vkey', place.key.vkey]);
  expect((await fsck()).status).toBe(0);
  const files = (readdirSync(place.storage, { recursive: true }) as string[]).filter(
    (path) => !path.startsWith('.state') && statSync(join(place.storage, path)).isFile(),
  );
  expect(files).toEqual(expect.arrayContaining(['checkpoint', 'tile/0/000.p/5', 'tile/entries/000.p/5']));
  for (const path of files) {
    const file = join(place.storage, path);
    const good = readFileSync(file);
    for (const at of [0, Math.floor(good.length / 2), good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 1;
      // A copy in its place: the checkpoint is a link to a file that the server keeps.
      rmSync(file);
      writeFileSync(file, bad);
      const { status, err, out } = await fsck();
      expect([path, at, status, out]).toEqual([path, at, 1, '']);
      expect(err).toContain(`damaged: ${path === 'checkpoint' ? '' : path}`);
      const json = await runCli(['log', 'fsck', place.storage, '--vkey', place.key.vkey, '--json']);
      expect([json.status, JSON.parse(json.out).damage[0].path]).toEqual([1, path]);
    }
    writeFileSync(file, good);
  }
  rmSync(join(place.storage, 'tile/0/000.p/5'));
  expect((await fsck()).err).toContain('tile/0/000.p/5');
});

test('serve refuses a log without its state and names adopt, which verifies it, takes it over, and it goes on', async () => {
  const place = await smallLog(3);
  await place.stop();
  renameSync(join(place.storage, '.state'), join(place.directory, 'state'));
  const refused = await runCli(['serve', ...place.flags]);
  expect([refused.status, refused.err]).toEqual([2, expect.stringContaining('tilewright log adopt')]);
  const adopt = () => runCli(['log', 'adopt', place.storage, '--vkey', place.key.vkey, '--json']);

  const damaged = join(place.directory, 'damaged');
  cpSync(place.storage, damaged, { recursive: true });
  const bundle = join(damaged, 'tile/entries/000.p/3');
  const bytes = readFileSync(bundle);
  bytes[9] = (bytes[9] ?? 0) ^ 1;
  writeFileSync(bundle, bytes);
  const bad = await runCli(['log', 'adopt', damaged, '--vkey', place.key.vkey]);
  expect([bad.status, bad.err]).toEqual([1, expect.stringContaining('tile/entries/000.p/3')]);
  expect(bad.err).toContain('nothing was changed');
  expect(readdirSync(damaged).sort()).toEqual(['checkpoint', 'tile']);

  const ahead = join(place.directory, 'ahead');
  cpSync(place.storage, ahead, { recursive: true });
  copyFileSync(join(ahead, 'tile/0/000.p/3'), join(ahead, 'tile/0/000.p/4'));
  writeFileSync(
    join(ahead, 'tile/0/000.p/4'),
    Buffer.concat([readFileSync(join(ahead, 'tile/0/000.p/3')), Buffer.alloc(32)]),
  );
  const unpublished = await runCli(['log', 'adopt', ahead, '--vkey', place.key.vkey]);
  expect([unpublished.status, unpublished.err]).toEqual([1, expect.stringContaining('tile/0/000.p/4')]);

  const adopted = await adopt();
  expect([adopted.status, adopted.err]).toEqual([0, '']);
  expect(JSON.parse(adopted.out)).toMatchObject({ size: 3, origin: 'localhost' });
  expect(await adopt()).toMatchObject({ status: 2, err: expect.stringContaining('is a log of this program already') });
  await serveHere(place);
  expect((await postEntry(place.url, entryRequest('next')).then((r) => r.json())) as EntryJson).toMatchObject({
    logIndex: '3',
  });
  expect((await runCli(['log', 'fsck', place.storage, '--vkey', place.key.vkey])).status).toBe(0);
});

test('a public key file may be PEM or DER', async () => {
  const place = await smallLog(1);
  const der = join(place.directory, 'log.der');
  writeFileSync(der, createPublicKey(place.key.spkiPem).export({ type: 'spki', format: 'der' }));
  expect((await runCli(['log', 'status', place.url, '--public-key', der, '--origin', 'localhost'])).status).toBe(0);
});

// The checks see what they are for: objects and checkpoints that no log of ours would leave.
import { asHash, asTreeSize } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { signNote } from '@tilewright/core/note';
import { generateEd25519KeyPem, loadSignerFile } from '@tilewright/signer';
import { type GcsServer, NO_GCS_SERVER, skipsWithoutGcsServer, startGcsServer } from '@tilewright/store-gcp/testing';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { Ledger } from '../judge/ledger.ts';
import { Tally } from '../load/tally.ts';
import { CheckpointReader } from '../read/checkpoint-reader.ts';
import { BucketScan } from './bucket-scan.ts';
import { RepeatsBook } from './repeats-book.ts';
import { watchCheckpoint } from './watch-checkpoint.ts';

let server: Promise<GcsServer> | undefined;
afterAll(async () => (await server)?.stop());

describe.skipIf(skipsWithoutGcsServer())(`the objects of a bucket (where it is missing: ${NO_GCS_SERVER})`, () => {
  const PARTIAL = 'tile/0/000.p/7';

  test.each([
    ['is written again', PARTIAL, 'other', undefined, /written again/],
    ['is written again with the same bytes', PARTIAL, 'first', undefined, /written again/],
    ['goes', PARTIAL, undefined, undefined, /is gone/],
    ['goes when its full one is there', PARTIAL, undefined, 'tile/0/000', undefined],
    ['is full and goes', 'tile/0/001', undefined, undefined, /is gone/],
    ['has a name that no tile has', 'tile/0/stray', 'first', undefined, /is none/],
  ])('one that %s', async (_, name, again, full, expected) => {
    server ??= startGcsServer();
    const running = await server;
    const { endpoint } = running;
    const bucket = await running.makeBucket();
    const objects = `${endpoint}/storage/v1/b/${bucket}/o`;
    const put = async (path: string, body: string): Promise<void> => {
      const url = `${endpoint}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(path)}`;
      expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
    };
    const ledger = new Ledger();
    const scan = new BucketScan(objects, ledger);
    await put(name, 'first');
    await scan.run();
    if (again !== undefined) await put(name, again);
    else expect((await fetch(`${objects}/${encodeURIComponent(name)}`, { method: 'DELETE' })).ok).toBe(true);
    if (full !== undefined) await put(full, 'full');
    await scan.run();
    expect(ledger.violations.join()).toMatch(expected ?? /^$/);
  });
});

describe('a published checkpoint', () => {
  const key = loadSignerFile(generateEd25519KeyPem(), 'localhost');
  const stranger = loadSignerFile(generateEd25519KeyPem(), 'localhost');
  const note = (size: number, by = key): Promise<Uint8Array> => {
    const root = asHash(new Uint8Array(32).fill(size));
    return signNote(formatCheckpoint({ origin: 'localhost', size: asTreeSize(size), root, extensions: [] }), [
      by.signer,
    ]);
  };

  test.each([
    ['goes back', [note(5), note(3)], /from 5 back to 3/],
    ['is signed by somebody else', [note(5), note(6, stranger)], /the watcher failed/],
    ['does not continue the one before', [note(5), note(6)], /the watcher failed/],
    ['is gone', [note(5), undefined], /there is no checkpoint/],
  ])('that %s', async (_, notes, expected) => {
    const ledger = new Ledger();
    const over = new AbortController();
    const left = [...notes];
    const source = {
      label: 'planted',
      close: () => {},
      // Tiles of another tree: what the checkpoints say of each other cannot be shown.
      read: async (path: string) => (path === 'checkpoint' ? left.shift() : new Uint8Array(32 * 256)),
    };
    const checkpoints = new CheckpointReader(key, ledger);
    const reading = { source, checkpoints, ledger, tally: new Tally(), random: () => 0 };
    const watching = watchCheckpoint(reading, over.signal);
    await expect.poll(() => ledger.violations.join()).toMatch(expected);
    over.abort();
    await watching;
  });
});

test('a second index long after the first answer is a broken promise, and a moment after it is counted', () => {
  const now = vi.spyOn(performance, 'now');
  try {
    const book = new RepeatsBook();
    const leaf = asHash(new Uint8Array(32));
    now.mockReturnValue(0);
    book.send(leaf);
    expect(book.answered(leaf, 1, true, undefined)).toBeUndefined();
    now.mockReturnValue(2_000);
    expect(book.answered(leaf, 2, true, undefined)).toBeUndefined();
    expect(book.longestLagMs).toBe(2_000);
    now.mockReturnValue(31_000);
    expect(book.answered(leaf, 1, false, undefined)).toBeUndefined();
    expect(book.answered(leaf, 3, true, undefined)).toContain('31000 ms after');
    for (const index of [1, 2, 1]) expect(book.met(leaf, index)).toBeUndefined();
    expect(book.repeated).toBe(1);
  } finally {
    now.mockRestore();
  }
});

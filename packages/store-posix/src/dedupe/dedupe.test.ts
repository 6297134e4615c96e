import { cpSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTreeSize, type Hash } from '@tilewright/core/bytes';
import { sha256 } from '@tilewright/core/hash';
import { recordEvents } from '@tilewright/log/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dedupeFile, dedupeInMemory } from './dedupe-file.ts';
import { LeafTable } from './leaf-table.ts';
import { SqliteDedupeIndex } from './sqlite-dedupe-index.ts';

const LOG = new Uint8Array(32).fill(1) as Uint8Array as Hash;
const leaves = new Map<number, Hash>();
function leaf(n: number): Hash {
  const known = leaves.get(n);
  if (known !== undefined) return known;
  const made = sha256(new TextEncoder().encode(String(n)));
  leaves.set(n, made);
  return made;
}

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tilewright-dedupe-'));
  mkdirSync(join(dir, '.state'));
});
afterEach(() => rm(dir, { recursive: true }));

test('a table finds what was added first, through every growth', () => {
  const table = new LeafTable();
  for (let n = 0; n < 5000; n++) table.add(leaf(n), n);
  for (let n = 0; n < 5000; n += 7) table.add(leaf(n), 99_999);
  expect(table.count).toBe(5000);
  for (let n = 0; n < 5000; n++) expect(table.find(leaf(n))).toBe(n);
  expect(table.find(leaf(5001))).toBeUndefined();
});

test('its slots come in the order of their keys, each once', () => {
  const table = new LeafTable();
  for (let n = 0; n < 3000; n++) table.add(leaf(n), n);
  const slots = [...table.sortedSlots()];
  expect(new Set(slots.map((slot) => table.indexAt(slot))).size).toBe(3000);
  const heads = slots.map((slot) => new DataView(table.keyAt(slot).buffer).getUint32(0));
  expect(heads).toEqual(heads.toSorted((a, b) => a - b));
  for (const slot of slots)
    expect(Buffer.from(table.keyAt(slot))).toEqual(Buffer.from(leaf(table.indexAt(slot)).subarray(0, 16)));
});

test('whatever is added and however often it is reopened, it answers as a map does', async () => {
  const batches = fc.array(fc.record({ numbers: fc.array(fc.nat(400), { maxLength: 60 }), reopen: fc.nat(5) }), {
    maxLength: 30,
  });
  let directory = 0;
  await fc.assert(
    fc.asyncProperty(batches, async (steps) => {
      const place = join(dir, String(directory++));
      mkdirSync(join(place, '.state'), { recursive: true });
      const events = recordEvents();
      const open = (): SqliteDedupeIndex => new SqliteDedupeIndex(dedupeFile(place), LOG, events, 40);
      let index = open();
      const model = new Map<number, number>();
      let covered = 0;
      for (const { numbers, reopen } of steps) {
        expect(await index.add(asTreeSize(covered), numbers.map(leaf))).toBe(true);
        for (const [at, n] of numbers.entries()) if (!model.has(n)) model.set(n, covered + at);
        covered += numbers.length;
        if (reopen === 0) {
          await index.close();
          index = open();
        }
        const asked = [...numbers, 1, 401, 402];
        expect(await index.covered()).toBe(covered);
        expect(await index.find(asked.map(leaf))).toEqual(asked.map((n) => model.get(n)));
      }
      expect(events.seen).toEqual([]);
      await index.close();
    }),
    // A failure is made short within this time as well.
    { numRuns: 25, interruptAfterTimeLimit: 5_000 },
  );
}, 20_000);

test('of a leaf that is there again and again the earliest index wins, wherever the others are', async () => {
  const index = new SqliteDedupeIndex(dedupeInMemory(), LOG, recordEvents(), 40);
  // Each batch is a few new leaves and the very first ones again: those are in every run, and in the table.
  for (let n = 0; n < 60; n++) {
    const fresh = Array.from({ length: 8 }, (_, i) => leaf(1000 + 8 * n + i));
    await index.add(asTreeSize(10 * n), [leaf(1), leaf(2), ...fresh]);
    expect(await index.find([leaf(1), leaf(2)])).toEqual([0, 1]);
  }
});

test('leaves survive their way through many runs', async () => {
  const index = new SqliteDedupeIndex(dedupeInMemory(), LOG, recordEvents(), 500);
  for (let n = 0; n < 5000; n += 50) {
    await index.add(
      asTreeSize(n),
      Array.from({ length: 50 }, (_, i) => leaf(n + i)),
    );
  }
  const all = Array.from({ length: 5000 }, (_, n) => n);
  expect(await index.find(all.map(leaf))).toEqual(all);
});

test('a process that dies leaves everything that was added', async () => {
  const events = recordEvents();
  const first = new SqliteDedupeIndex(dedupeFile(dir), LOG, events, 100);
  await first.add(
    asTreeSize(0),
    Array.from({ length: 250 }, (_, n) => leaf(n)),
  );
  // Not closed: the database lets go of its file only when it is.
  const copy = join(dir, 'copy');
  mkdirSync(copy);
  cpSync(join(dir, '.state'), join(copy, '.state'), { recursive: true });
  const second = new SqliteDedupeIndex(dedupeFile(copy), LOG, events, 100);
  expect(await second.covered()).toBe(250);
  expect(await second.find([leaf(249), leaf(0)])).toEqual([249, 0]);
  expect(events.seen).toEqual([]);
  await first.close();
  await second.close();
});

test('the index of another log is rebuilt, and that is said', async () => {
  const first = new SqliteDedupeIndex(dedupeFile(dir), LOG, recordEvents());
  await first.add(asTreeSize(0), [leaf(0)]);
  await first.close();
  const events = recordEvents();
  const other = new SqliteDedupeIndex(dedupeFile(dir), new Uint8Array(32) as Uint8Array as Hash, events);
  expect(await other.covered()).toBe(0);
  expect(events.seen).toMatchObject([{ type: 'repaired', path: '.state/dedupe.db' }]);
  await other.close();
});

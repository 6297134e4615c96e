import type { Hash } from '@tilewright/core/bytes';
import { leafHash } from '@tilewright/core/hash';
import { CompactRange } from '@tilewright/core/merkle';
import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';

const leaves = Array.from({ length: 300 }, (_, i) => leafHash(Buffer.from(`entry ${i}`)));

function rootAt(size: number, of: readonly Hash[] = leaves): Hash {
  return CompactRange.empty().extend(of.slice(0, size)).root();
}

function promised(): Ledger {
  const ledger = new Ledger();
  for (const index of [0, 7, 255, 256, 290]) ledger.acknowledge(index, leaves[index] as Hash);
  for (const size of [1, 8, 256, 257, 291]) ledger.checkpoint(size, rootAt(size));
  for (const size of [1, 8, 8, 291]) ledger.published(size);
  return ledger;
}

test('a log that keeps its promises breaks none, replayed in parts and again from the start', () => {
  const ledger = promised();
  ledger.replay(leaves.slice(0, 100));
  ledger.replay(leaves.slice(100));
  ledger.settle(300);
  ledger.replayFromStart();
  ledger.replay(leaves);
  ledger.settle(300);
  expect(ledger.violations).toEqual([]);
  expect(ledger.counts()).toEqual({ acknowledged: 5, checkpoints: 5, paths: 0 });
});

test('a lost entry, and a checkpoint ahead of the log', () => {
  const ledger = promised();
  ledger.replay(leaves.slice(0, 290));
  ledger.settle(290);
  expect(ledger.violations.join('\n')).toMatch(/went from 291 back to 290/);
  expect(ledger.violations.join('\n')).toMatch(/1 acknowledged entries are lost, the first at index 290/);
  expect(ledger.violations.join('\n')).toMatch(/a checkpoint of 291 was seen, but the log is at 290/);
});

test('another entry at a promised index, and so another root', () => {
  const ledger = promised();
  ledger.replay(leaves.with(7, leafHash(Buffer.from('other'))));
  expect(ledger.violations).toContain('index 7 holds another entry');
  expect(ledger.violations).toContain('the checkpoint of size 8 is not of this log');
});

test('a changed leaf that nobody was promised still shows in the roots', () => {
  const ledger = promised();
  ledger.replay(leaves.with(200, leafHash(Buffer.from('other'))));
  expect(ledger.violations).toContain('the checkpoint of size 256 is not of this log');
});

test('one index for two entries, two roots of one size, one path with two contents', () => {
  const ledger = promised();
  ledger.acknowledge(7, leaves[8] as Hash);
  ledger.checkpoint(8, rootAt(9));
  ledger.served('tile/0/000.p/8', 'aa');
  ledger.served('tile/0/000.p/8', 'aa');
  ledger.served('tile/0/000.p/8', 'bb');
  expect(ledger.violations).toEqual([
    'index 7 was given to two entries',
    'two roots were signed for size 8',
    'tile/0/000.p/8 was served with two contents',
  ]);
});

test('a checkpoint that is asked for after an answer must cover it', () => {
  const ledger = new Ledger();
  const before = ledger.promised();
  ledger.acknowledge(7, leaves[7] as Hash);
  ledger.published(7, before);
  expect(ledger.violations).toEqual([]);
  ledger.published(7, ledger.promised());
  expect(ledger.violations).toEqual(['index 7 was answered before its checkpoint: the published one has 7']);
});

test('readers in parallel may return in any order, but not with less than they could count on', () => {
  const ledger = new Ledger();
  const first = ledger.promised();
  ledger.published(9, ledger.promised());
  ledger.published(8, first);
  expect(ledger.violations).toEqual([]);
  ledger.published(8, ledger.promised());
  expect(ledger.violations).toEqual(['the published checkpoint went from 9 back to 8']);
});

test('earlier checkpoints are picked from all of them; one fault is told once', () => {
  const ledger = new Ledger();
  expect(ledger.earlier(0.5)).toBeUndefined();
  for (const size of [1, 8, 256]) ledger.checkpoint(size, rootAt(size));
  expect([0, 0.4, 0.99].map((choice) => ledger.earlier(choice)?.size)).toEqual([1, 8, 256]);
  for (let i = 0; i < 100; i++) ledger.violate('the same');
  expect(ledger.violations).toEqual(['the same']);
  for (let i = 0; i < 100; i++) ledger.violate(`another ${i}`);
  expect(ledger.violations).toHaveLength(50);
});

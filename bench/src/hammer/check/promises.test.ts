import { encodeUtf8 } from '@tilewright/core/bytes';
import { recordLeaves } from '@tilewright/core/testing';
import { expect, test } from 'vitest';
import { Promises } from './promises.ts';

const [A, B, C] = recordLeaves(3) as [never, never, never];
const entry = encodeUtf8('entry');

test('what was promised waits until the log is that large', () => {
  const promises = new Promises();
  promises.add(7, A, entry);
  promises.add(3, B, entry);
  expect([promises.count, promises.highest, promises.lowest?.index]).toEqual([2, 7, 3]);
  expect(promises.take(7)).toEqual([{ index: 3, leafHash: B, entry }]);
  expect(promises.take(7)).toEqual([]);
  expect([promises.count, promises.highest, promises.lowest?.index]).toEqual([1, 7, 7]);
});

test('what could not be compared waits again', () => {
  const promises = new Promises();
  for (const leaf of [A, B]) promises.add(1, leaf, entry);
  const taken = promises.take(2);
  promises.giveBack(taken);
  expect(promises.count).toBe(2);
  expect(promises.take(2)).toEqual(taken);
});

test('an index that was promised to two entries has both', () => {
  const promises = new Promises();
  for (const leaf of [A, B, A, C]) promises.add(1, leaf, entry);
  expect(promises.take(2).map(({ leafHash }) => leafHash)).toEqual([A, B, C]);
  expect([promises.count, promises.lowest]).toEqual([0, undefined]);
});

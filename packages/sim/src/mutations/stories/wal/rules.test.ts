import { concatBytes, encodeUtf8 } from '@tilewright/core/bytes';
import { decodeRecord, encodeRecord } from '@tilewright/store-posix/testing';
import { describe, expect, test } from 'vitest';
import { BLOCK, diskWith, type LOG_ID, type Put, read } from './scene.ts';

const OTHER_LOG = new Uint8Array(32).fill(9) as Uint8Array as typeof LOG_ID;

describe('damage that stops the start', () => {
  const cases: readonly [string, number, readonly Put[]][] = [
    [
      'a torn end, and a later segment of the same opening',
      0,
      [{ records: [0, 'bad'] }, { ordinal: 1, base: 1, records: [1] }],
    ],
    ['two torn ends', 0, [{ records: [0, 'bad'] }, { ordinal: 1, base: 1, records: ['bad'] }]],
    ['a torn end with a valid record behind', 0, [{ records: [0, 'bad', 1] }]],
    ['a torn end below the tree', 2, [{ records: [0, 'bad'] }]],
    ['a torn end of which nothing before is left', 0, [{ ordinal: 3, records: ['bad'] }]],
    ['a segment that starts over', 1, [{ records: [0, 1, 2] }, { ordinal: 4, records: [1, 2] }]],
    ['a gap above the tree', 1, [{ records: [0, 1] }, { ordinal: 1, base: 3, records: [3] }]],
    ['a gap above the tree behind one in the names', 1, [{ records: [0, 1] }, { ordinal: 5, base: 3, records: [3] }]],
    ['segments that end below the tree', 5, [{ records: [0, 1] }]],
    ['segments that begin above the tree', 1, [{ base: 3, records: [3] }]],
    ['empty segments whose first is gone', 2, [{ ordinal: 2, base: 2, records: [] }]],
    ['no segment of the opening that counts', 2, [{ epoch: 2, base: 2, records: [2] }]],
    ['a record that does not continue the one before', 0, [{ records: [0, 2] }]],
    ['a record below the base of its segment', 0, [{ base: 1, records: [0, 1] }]],
    [
      'a segment under the name of another opening',
      0,
      [{ records: [0] }, { ordinal: 1, base: 1, records: [1], changed: { epoch: 2 } }],
    ],
    [
      'a segment under the name of another place',
      0,
      [{ records: [0] }, { ordinal: 1, base: 1, records: [1], changed: { ordinal: 3 } }],
    ],
    ['a segment of another log', 0, [{ records: [0], changed: { logId: OTHER_LOG } }]],
    ['copies that were appended to', 1, [{ records: [0] }, { epoch: 2, base: 1, before: 2, records: [1, 2, 3] }]],
    ['copies behind a gap', 1, [{ records: [0] }, { epoch: 2, base: 4, before: 5, records: [4] }]],
    ['no segment at all', 2, []],
    [
      'an empty segment under the name of another opening',
      1,
      [{ records: [0] }, { ordinal: 1, base: 1, records: [], changed: { epoch: 2 } }],
    ],
    [
      'a torn end behind a segment that is missing',
      2,
      [{ records: [0, 1] }, { ordinal: 2, base: 4, records: ['bad'] }],
    ],
    ['an empty segment behind one that is missing', 2, [{ records: [0, 1] }, { ordinal: 2, base: 4, records: [] }]],
    ['a bad record of an earlier opening', 1, [{ records: [0, 'bad'] }, { epoch: 2, base: 1, before: 2, records: [] }]],
  ];
  test.each(cases)('%s', async (name, from, segments) => {
    const epoch = name.startsWith('a bad record of an earlier') ? 2 : 1;
    await expect(read(await diskWith(segments), from, epoch)).rejects.toMatchObject({ name: 'PosixError' });
  });

  const named: readonly [string, number, readonly Put[], number, number][] = [
    ['a torn end below the tree', 2, [{ records: [0, 'bad'] }], 0, 2 * BLOCK],
    ['a torn end of which nothing before is left', 0, [{ ordinal: 3, records: ['bad'] }], 3, BLOCK],
    ['a gap above the tree', 1, [{ records: [0, 1] }, { ordinal: 1, base: 3, records: [3] }], 1, 0],
  ];
  test.each(named)('%s: file and place are named', async (_, from, segments, ordinal, offset) => {
    const path = `.state/wal/00000001-0000000${ordinal}`;
    await expect(read(await diskWith(segments), from, 1)).rejects.toMatchObject({ code: 'corrupt', path, offset });
  });
});

test('a torn end at or above the tree is left behind', async () => {
  const { next, torn } = await read(await diskWith([{ records: [0, 1, 'bad'] }]), 2, 1);
  expect([next, torn]).toEqual([2, { path: '.state/wal/00000001-00000000', offset: 3 * BLOCK }]);
});

test('copies that know more than what is left count; others do not', async () => {
  const more = await read(await diskWith([{ records: [0] }, { epoch: 2, base: 1, before: 3, records: [1, 2] }]), 1, 1);
  expect([more.next, more.epoch, more.nextEpoch]).toEqual([3, 1, 3]);
  const none = await read(await diskWith([{ records: [0, 1] }, { epoch: 2, base: 1, before: 2, records: [1] }]), 1, 1);
  expect([none.next, none.useless.length]).toEqual([2, 1]);
});

test('without a register the most complete opening counts, the newest of those', async () => {
  const segments = [
    { records: [0, 1] },
    { epoch: 2, base: 1, before: 2, records: [1] },
    { epoch: 3, base: 1, records: [] },
  ];
  expect((await read(await diskWith(segments), 1, undefined)).epoch).toBe(2);
});

test('a record is valid only where it was written: under its nonce, at its offset, with all of its bytes', () => {
  const nonce = new Uint8Array(32).fill(1);
  const record = { first: 0, token: new Uint8Array(16), entries: [encodeUtf8('x'.repeat(5_000))] };
  const at = (offset: number, bytes: Uint8Array): Uint8Array =>
    concatBytes(new Uint8Array(offset), bytes, new Uint8Array(BLOCK));
  const bytes = encodeRecord(record, nonce, BLOCK);
  expect(decodeRecord(at(BLOCK, bytes), nonce, BLOCK)).toBeDefined();
  expect(decodeRecord(at(BLOCK, bytes), new Uint8Array(32), BLOCK)).toBeUndefined();
  expect(decodeRecord(at(2 * BLOCK, bytes), nonce, 2 * BLOCK)).toBeUndefined();
  const torn = bytes.slice();
  torn.fill(0, 3_000, BLOCK);
  expect(decodeRecord(at(BLOCK, torn), nonce, BLOCK)).toBeUndefined();
  expect(bytes.length % BLOCK).toBe(0);
});

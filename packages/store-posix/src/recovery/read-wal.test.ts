import { expect, test } from 'vitest';
import { LOG_ID } from '../faults/test-key.ts';
import { encodeRecord } from '../segment/record-codec.ts';
import { encodeSegmentHeader, segmentName } from '../segment/segment-header.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import { readWal } from './read-wal.ts';

const BLOCK = 4096;
const ROOT = '/log';
const nonce = new Uint8Array(32).fill(8);

/** Puts a segment of opening 1 on the disk, one record of one entry for each index. */
async function putSegment(
  disk: SimulatedDisk,
  ordinal: number,
  base: number,
  indexes: readonly number[],
): Promise<void> {
  const header = { logId: LOG_ID, epoch: 1, ordinal, base, before: base, size: 4 * BLOCK, nonce };
  const file = await disk.process().open(`${ROOT}/.state/wal/${segmentName(1, ordinal)}`, 'create');
  await file.pwrite(new Uint8Array(header.size), 0);
  await file.pwrite(encodeSegmentHeader(header), 0);
  for (const [at, first] of indexes.entries()) {
    const offset = BLOCK * (at + 1);
    const record = { first, token: new Uint8Array(16), entries: [Uint8Array.of(first)] };
    await file.pwrite(encodeRecord(record, nonce, offset), offset);
  }
}

async function emptyDisk(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  for (const path of [ROOT, `${ROOT}/.state`, `${ROOT}/.state/wal`]) await disk.process().mkdir(path, 0o700);
  return disk;
}

test('behind a gap of released segments the log goes on', async () => {
  const disk = await emptyDisk();
  await putSegment(disk, 0, 0, [0, 1]);
  await putSegment(disk, 4, 5, [5, 6]);
  const { next, records } = await readWal(disk.process(), ROOT, LOG_ID, 6, 1);
  expect([next, records.map(({ first }) => first)]).toEqual([7, [6]]);
});

test('a segment behind a gap that starts over is damage: no entry comes twice', async () => {
  const disk = await emptyDisk();
  await putSegment(disk, 0, 0, [0, 1, 2]);
  await putSegment(disk, 4, 0, [1, 2]);
  await expect(readWal(disk.process(), ROOT, LOG_ID, 1, 1)).rejects.toMatchObject({
    code: 'corrupt',
    path: '.state/wal/00000001-00000004',
    offset: 0,
  });
});

import { rmSync } from 'node:fs';
import type { Hash } from '@tilewright/core/bytes';
import { type FuzzTarget, runInput, runTarget } from '@tilewright/fuzz';
import { openPosixStore, PosixError } from '@tilewright/store-posix';
import {
  checkpointOf,
  decodeRecord,
  decodeSegmentHeader,
  decodeSlot,
  KEY_SIZE,
  LAYOUT,
  LeafTable,
  parseSegmentName,
  Register,
  readIdentity,
  readStoredCheckpoint,
  readWal,
  scanSegment,
  takeLock,
} from '@tilewright/store-posix/testing';
import { expect, test } from 'vitest';
import { allTargets } from './all-targets.ts';
import { dedupeIndexTarget } from './dedupe/dedupe-index-target.ts';
import { indexPath, openIndex } from './dedupe/index-scenes.ts';
import { recentKeysTarget } from './dedupe/recent-keys-target.ts';
import { recoveryTarget } from './recovery/recovery-target.ts';
import { ROOT } from './recovery/small-log.ts';
import { recordTarget } from './segment/record-target.ts';
import { resealHeader } from './segment/reseal.ts';
import { segmentHeaderTarget } from './segment/segment-header-target.ts';
import { segmentNameTarget } from './segment/segment-name-target.ts';
import { segmentScanTarget } from './segment/segment-scan-target.ts';
import { walTarget } from './segment/wal-target.ts';
import { checkpointTarget } from './state/checkpoint-target.ts';
import { frozenMarkTarget } from './state/frozen-mark-target.ts';
import { identityTarget } from './state/identity-target.ts';
import { lockFileTarget } from './state/lock-file-target.ts';
import { ownerTarget } from './state/owner-target.ts';
import { registerFileTarget } from './state/register-file-target.ts';
import { registerSlotTarget } from './state/register-slot-target.ts';

const SEED = 7;
/** Inputs of a target that reads bytes; those that work on disks and databases take fewer. */
const MANY = 2_000;
const SOME = new Map([
  ['wal', 400],
  ['register-file', 600],
  ['dedupe-index', 25],
  ['lock-file', 100],
  ['recovery', 150],
]);

test.each(allTargets().map((target) => [target.name, target] as const))(
  '%s',
  async (name, target) => {
    const report = await runTarget(target, { seed: SEED, inputs: SOME.get(name) ?? MANY });
    expect(report.violation).toBeUndefined();
    expect(report.kinds.damaged).toBeGreaterThan(0.85 * report.inputs);
    // A run of a million reaches all of them.
    expect(report.unreached.length).toBeLessThan(target.reaches.length - 1);
  },
  30_000,
);

/** Decoders with a check left out, or with one thing done that must not be. */
const DEFECTS: readonly (readonly [string, FuzzTarget])[] = [
  [
    'a longer name that says the same is taken for a segment',
    segmentNameTarget((name) => parseSegmentName(name.replace(/(^|-)0+(?=[0-9]{8})/g, '$1'))),
  ],
  [
    'a header without its checksum',
    segmentHeaderTarget((bytes) => {
      const copy = bytes.slice();
      resealHeader(copy);
      return decodeSegmentHeader(copy);
    }),
  ],
  [
    'a header without what follows it',
    segmentHeaderTarget((bytes) => {
      const copy = bytes.slice();
      copy.fill(0, 152);
      return decodeSegmentHeader(copy);
    }),
  ],
  [
    'a record without its padding',
    recordTarget((segment, nonce, offset) => {
      const found = decodeRecord(segment, nonce, offset);
      if (found !== undefined || offset + 40 > segment.length) return found;
      const end = offset + 68 + new DataView(segment.buffer, segment.byteOffset).getUint32(offset + 4);
      const copy = segment.slice();
      copy.fill(0, end, Math.ceil(end / 4096) * 4096);
      return decodeRecord(copy, nonce, offset);
    }),
  ],
  [
    'a scan that does not look behind a bad record',
    segmentScanTarget((bytes) => {
      const scan = scanSegment(bytes);
      return scan?.bad === undefined ? scan : { ...scan, bad: { ...scan.bad, validAfter: undefined } };
    }),
  ],
  [
    'a write-ahead log that is repaired by leaving out the file that is damaged',
    walTarget(async (fs, root, logId, from, epoch) => {
      try {
        return await readWal(fs, root, logId, from, epoch);
      } catch (error) {
        if (!(error instanceof PosixError) || error.offset === undefined) throw error;
        const { path } = error;
        const others = async (directory: string): Promise<readonly string[]> =>
          ((await fs.readdir(directory)) ?? []).filter((name) => `${LAYOUT.wal}/${name}` !== path);
        const open = fs.open.bind(fs);
        const stat = fs.stat.bind(fs);
        return readWal({ ...fs, open, stat, readdir: others }, root, logId, Math.min(from, 1), epoch);
      }
    }),
  ],
  [
    "a slot of another log's register",
    registerSlotTarget((kind, logId, bytes) =>
      decodeSlot(kind, bytes.length < 104 ? logId : (bytes.slice(72, 104) as Uint8Array as Hash), bytes),
    ),
  ],
  [
    'a register that is read to its end',
    registerFileTarget(async (fs, path, kind, logId) => {
      await fs.readFile(path);
      return Register.open(fs, path, kind, logId);
    }),
  ],
  [
    'a checkpoint that is read to its end',
    checkpointTarget({
      parse: checkpointOf,
      async read(fs, root) {
        await fs.readFile(`${root}/${LAYOUT.checkpoint}`);
        return readStoredCheckpoint(fs, root);
      },
    }),
  ],
  [
    'a checkpoint whose last line may be cut off',
    checkpointTarget({
      read: readStoredCheckpoint,
      parse: (note) => checkpointOf(note.at(-1) === 10 ? note : Uint8Array.from([...note, 10])),
    }),
  ],
  [
    'an identity of whatever format',
    identityTarget((fs, root) =>
      readIdentity(
        {
          ...fs,
          open: async (path, mode) => {
            const file = await fs.open(path, mode);
            return {
              ...file,
              stat: () => file.stat(),
              close: () => file.close(),
              async pread(into, offset) {
                const read = await file.pread(into, offset);
                const text = new TextDecoder().decode(into.subarray(0, read)).replace('"format":2', '"format":1');
                into.set(new TextEncoder().encode(text).subarray(0, read));
                return read;
              },
            };
          },
        },
        root,
      ),
    ),
  ],
  [
    'a mark of a frozen log that holds any number',
    frozenMarkTarget(async (fs, root) => {
      const bytes = await fs.readFile(`${root}/${LAYOUT.frozen}`);
      return bytes && Number(Buffer.from(bytes).toString('latin1'));
    }),
  ],
  [
    'an owner of whom only a process is known',
    ownerTarget(async (fs, root) => {
      const bytes = (await fs.readFile(`${root}/${LAYOUT.owner}`)) ?? new Uint8Array(0);
      return /"pid":[0-9]+/.exec(new TextDecoder().decode(bytes))?.[0] ?? 'it left no name';
    }),
  ],
  [
    'a lock that is believed to be held',
    lockFileTarget((fs, root, world) =>
      takeLock(fs, root, world).catch(() => ({ lock: { release: async () => undefined }, inode: '' })),
    ),
  ],
  [
    'rows of the dedupe index as they come',
    recentKeysTarget((rows) => {
      const table = new LeafTable();
      for (const { first, keys } of rows) {
        if (!(keys instanceof Uint8Array)) continue;
        for (let at = 0; at + KEY_SIZE <= keys.length; at += KEY_SIZE) {
          table.add(keys.subarray(at, at + KEY_SIZE) as Uint8Array as Hash, Number(first) + at / KEY_SIZE);
        }
      }
      return table;
    }),
  ],
  [
    'a dedupe index whose seal nobody looks at',
    dedupeIndexTarget((dir) => {
      rmSync(indexPath(dir, '.sha256'), { force: true });
      return openIndex(dir);
    }),
  ],
  [
    'a log that is repaired by removing the file that is damaged',
    recoveryTarget(async (options) => {
      try {
        return await openPosixStore(options);
      } catch (error) {
        if (!(error instanceof PosixError) || error.path === undefined) throw error;
        await options.fs?.unlink(`${ROOT}/${error.path}`).catch(() => undefined);
        return openPosixStore(options);
      }
    }),
  ],
];

test.each(DEFECTS)(
  'is found: %s',
  async (_, target) => {
    const { violation } = await runTarget(target, { seed: SEED, inputs: 20_000 });
    const input = violation?.input ?? -1;
    expect(input).toBeGreaterThanOrEqual(0);
    // The one input alone does it again.
    await expect(runInput(target, SEED, input)).rejects.toThrow();
  },
  30_000,
);

test('one seed makes the same inputs every time, another seed others', async () => {
  const run = (seed: number): Promise<unknown> =>
    runTarget(segmentScanTarget(), { seed, inputs: 300 }).then(({ how, reached }) => ({ how, reached }));
  expect(await run(1)).toEqual(await run(1));
  expect(await run(1)).not.toEqual(await run(2));
});

test('what no input reached is told', async () => {
  const { unreached } = await runTarget(segmentScanTarget(), { seed: 1, inputs: 1 });
  expect(unreached).toHaveLength(segmentScanTarget().reaches.length - 1);
});

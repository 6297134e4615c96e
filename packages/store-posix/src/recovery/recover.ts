import { asTreeSize, type TreeSize } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { LogError } from '@tilewright/log';
import { checkpointOf, readStoredCheckpoint } from '../checkpoint/stored-checkpoint.ts';
import { syncNames } from '../directory/create-state.ts';
import type { LogIdentity } from '../directory/identity.ts';
import { LAYOUT } from '../directory/layout.ts';
import { isFull, unlessErrno } from '../fs/errno.ts';
import type { Fs } from '../fs/fs.ts';
import { PosixError } from '../posix-error.ts';
import type { Register } from '../register/register.ts';
import { makeSegment, type OpenSegment, type SegmentMaker, segmentLength } from '../segment/segment-file.ts';
import { readWal, type TornTail, type WalReading } from './read-wal.ts';
import { type Reconciled, type Repair, reconcile } from './reconcile.ts';
import { refuseBeyond } from './refuse-beyond.ts';

/** The registers of an open directory. */
export interface Registers {
  readonly tree: Register;
  readonly floor: Register;
  readonly collected: Register;
}

/** What recovery found, made durable and consistent. */
export interface Recovered {
  readonly epoch: number;
  readonly tree: Tree;
  readonly floor: Tree;
  readonly collected: TreeSize;
  readonly next: number;
  readonly wal: WalReading;
  readonly active: OpenSegment;
  /** Whether there is a checkpoint. */
  readonly published: boolean;
  readonly repairs: readonly Repair[];
}

/** What recovery works on. */
export interface RecoveryInput {
  readonly maker: Omit<SegmentMaker, 'epoch'>;
  readonly identity: LogIdentity;
  readonly registers: Registers;
  readonly segmentBytes: number;
  readonly tileHeight: number;
  /** Whether the log may have entries and no checkpoint: one that is being migrated has none until all of it is there. */
  readonly unpublished: boolean;
}

/**
 * Finds out where the log is, proves that its parts agree, and makes all of it durable again: after a kill, or after
 * a sync that failed, what is read may be in memory only. In order:
 * 1. everything sequenced above the tree is copied into a segment of a new epoch; what a crash tore off the last
 *    record is left behind. A crash now leaves copies that nothing counts;
 * 2. tree and floor are rewritten with the new epoch: COMMIT POINT. From here on the copies count;
 * 3. the checkpoint and its name are made durable, or, before there is one, the names of the log's directories.
 */
export async function recover(input: RecoveryInput): Promise<Recovered> {
  const { maker, registers, identity } = input;
  const { fs, root } = maker;
  const checkpoint = await readCheckpoint(fs, root, identity);
  const agreed = reconcile({ tree: registers.tree.reading, floor: registers.floor.reading }, checkpoint);
  const wal = await readWal(fs, root, identity.logId, agreed.tree.size, agreed.epoch);
  await requireParts(input, agreed, checkpoint, wal);
  await refuseBeyond(fs, root, wal.next, input.tileHeight);
  const epoch = wal.nextEpoch;
  const active = await copyUnintegrated(input, epoch, agreed.tree.size, wal);
  await registers.tree.writeAll({ tree: agreed.tree, epoch }, 'tree-opened');
  await registers.floor.writeAll({ tree: agreed.floor, epoch }, 'floor-opened');
  // A register whose file was gone has a new name.
  if (agreed.repairs.length > 0) await fs.fsyncDir(`${root}/${LAYOUT.state}`, 'register-dir');
  if (checkpoint === undefined) await syncNames(fs, root);
  else await syncCheckpoint(fs, root);
  for (const { path } of wal.useless) await unlessErrno(fs.unlink(`${root}/${path}`), ['ENOENT'], undefined);
  return {
    epoch,
    tree: agreed.tree,
    floor: agreed.floor,
    collected: asTreeSize(Math.min(registers.collected.reading.value?.tree.size ?? 0, agreed.tree.size)),
    next: wal.next,
    wal,
    active,
    published: checkpoint !== undefined,
    repairs: [...agreed.repairs, ...(wal.torn === undefined ? [] : [tornRepair(wal.torn, wal.next)])],
  };
}

async function readCheckpoint(fs: Fs, root: string, identity: LogIdentity): Promise<Tree | undefined> {
  const stored = await readStoredCheckpoint(fs, root);
  if (stored === undefined) return undefined;
  const checkpoint = readOrExplain(stored.note);
  if (checkpoint.origin !== identity.origin) {
    throw new PosixError(
      'identity-mismatch',
      `'checkpoint' is of the log ${JSON.stringify(checkpoint.origin)}, the state of ${JSON.stringify(identity.origin)}: put the checkpoint of this log back`,
      { path: LAYOUT.checkpoint },
    );
  }
  return checkpoint;
}

function readOrExplain(note: Uint8Array): Tree & { readonly origin: string } {
  try {
    return checkpointOf(note);
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    throw new PosixError('corrupt', error.message, { path: LAYOUT.checkpoint, cause: error });
  }
}

/** A log that was ever published has a checkpoint, and one that has entries has tiles. */
async function requireParts(
  { maker: { fs, root }, unpublished }: RecoveryInput,
  agreed: Reconciled,
  checkpoint: Tree | undefined,
  wal: WalReading,
): Promise<void> {
  const missing = (path: string): PosixError =>
    new PosixError(
      'half-log',
      `the log in ${root} has ${agreed.tree.size} entries, but '${path}' is missing: put it back from a backup or a mirror`,
      { path },
    );
  const tiles = (await fs.stat(`${root}/${LAYOUT.tiles}`)) !== undefined;
  if (checkpoint === undefined && !unpublished && (tiles || agreed.tree.size > 0 || wal.next > 0))
    throw missing(LAYOUT.checkpoint);
  if (agreed.tree.size > 0 && !tiles) throw missing(LAYOUT.tiles);
}

function tornRepair(torn: TornTail, next: number): Repair {
  return {
    path: torn.path,
    detail: `an unfinished record at byte ${torn.offset}, of entry ${next} on, was cut off: it was acknowledged to nobody`,
  };
}

/**
 * On a full disk, the reserve and whatever earlier openings left make room for a segment of just the copies: enough to
 * publish what is sequenced, and to serve.
 */
async function copyUnintegrated(
  input: RecoveryInput,
  epoch: number,
  base: number,
  wal: WalReading,
): Promise<OpenSegment> {
  const maker: SegmentMaker = { ...input.maker, epoch };
  const needed = segmentLength(wal.records);
  const make = (size: number): Promise<OpenSegment> =>
    makeSegment(maker, { ordinal: 0, base, before: wal.next, size }, wal.records, 'segment-opened');
  try {
    return await make(Math.max(input.segmentBytes, needed));
  } catch (error) {
    if (!isFull(error)) throw error;
    // Until the new segment counts, the opening that does must have one, even if it is empty.
    const spare = [...wal.useless, ...wal.kept.filter((segment) => segment.epoch < wal.epoch)]
      .filter((segment) => segment.epoch !== wal.epoch)
      .map((segment) => segment.path);
    for (const path of [LAYOUT.reserve, ...spare]) {
      await unlessErrno(maker.fs.unlink(`${maker.root}/${path}`), ['ENOENT'], undefined);
    }
    return make(needed);
  }
}

async function syncCheckpoint(fs: Fs, root: string): Promise<void> {
  const file = await fs.open(`${root}/${LAYOUT.checkpoint}`, 'read');
  try {
    await file.fdatasync('checkpoint-found');
  } finally {
    await file.close();
  }
  await fs.fsyncDir(root, 'checkpoint-found-dir');
}

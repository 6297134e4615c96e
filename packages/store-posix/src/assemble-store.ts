import { asTreeSize } from '@tilewright/core/bytes';
import { TLOG_TILES } from '@tilewright/core/tiles';
import { Gate } from '@tilewright/log';
import { InodePool } from './checkpoint/inode-pool.ts';
import { PosixCheckpointStore } from './checkpoint/posix-checkpoint-store.ts';
import { dedupeFile, dedupeInMemory } from './dedupe/dedupe-file.ts';
import { SqliteDedupeIndex } from './dedupe/sqlite-dedupe-index.ts';
import { removeTree, removeUnfinished } from './directory/create-state.ts';
import { makeFrozenMark, readFrozenMark } from './directory/frozen-mark.ts';
import type { LogIdentity } from './directory/identity.ts';
import { LAYOUT, PRIVATE_DIRECTORY } from './directory/layout.ts';
import { migrationMark } from './directory/migration-mark.ts';
import type { HeldLock } from './directory/owner.ts';
import type { Fs } from './fs/fs.ts';
import { DirectoryLedger } from './objects/directory-ledger.ts';
import { PosixObjectStore } from './objects/posix-object-store.ts';
import { PosixError } from './posix-error.ts';
import { DEFAULT_POSIX_LIMITS, type PosixOptions, type PosixStore } from './posix-options.ts';
import { type Recovered, type Registers, recover } from './recovery/recover.ts';
import { Register } from './register/register.ts';
import { Retention } from './segment/retention.ts';
import { SegmentLog } from './segment/segment-log.ts';
import { PendingEntries } from './sequence/pending-entries.ts';
import { PosixSequenceStore } from './sequence/posix-sequence-store.ts';
import { FailureLatch } from './writer/failure-latch.ts';
import { Room } from './writer/room.ts';
import { WriterGuard } from './writer/writer-guard.ts';

/** libuv has four threads unless told otherwise: one stays free for the segment. */
const PARALLEL_OBJECTS = 3;

/** Recovers a log whose lock is held, and puts its four stores together. Closes what it opened when it fails. */
export async function assembleStore(fs: Fs, options: PosixOptions, held: HeldLock): Promise<PosixStore> {
  const { dir: root, identity, mode } = options;
  await removeUnfinished(fs, root);
  await prepareDirectories(fs, root);
  const registers = await openRegisters(fs, root, identity);
  const letGo: (() => Promise<void>)[] = Object.values(registers).map((register) => () => register.close());
  try {
    const segmentBytes = options.limits?.segmentBytes ?? DEFAULT_POSIX_LIMITS.segmentBytes;
    const maker = { fs, root, logId: identity.logId, entropy: options.entropy };
    const { tileHeight = TLOG_TILES.height } = options;
    const recovered = await recover({
      maker,
      identity,
      registers,
      segmentBytes,
      tileHeight,
      unpublished: mode === 'migrate',
    });
    letGo.push(() => recovered.active.file.close());
    if (!recovered.published && mode === 'open') throw unfinished(root);
    return await join(fs, options, held, registers, recovered);
  } catch (error) {
    for (const close of letGo) await close().catch(() => undefined);
    throw error;
  }
}

async function join(
  fs: Fs,
  options: PosixOptions,
  held: HeldLock,
  registers: Registers,
  recovered: Recovered,
): Promise<PosixStore> {
  const { dir: root, identity, clock, entropy, events } = options;
  const { epoch, tree, next } = recovered;
  const limits = { ...DEFAULT_POSIX_LIMITS, ...options.limits };
  const latch = new FailureLatch();
  const guard = new WriterGuard(fs, root, { inode: held.inode, tree: registers.tree, epoch }, latch);
  const retention = new Retention(fs, root, limits.retention);
  for (const segment of recovered.wal.kept) retention.add(segment.path, segment.bytes, clock.monotonicMs());
  const room = new Room(fs, root, limits, retention);
  const segments = new SegmentLog({
    maker: { fs, root, logId: identity.logId, epoch, entropy },
    segmentBytes: limits.segmentBytes,
    active: recovered.active,
    end: next,
    retention,
    latch,
    room,
  });
  const pool = await InodePool.open(fs, root, clock);
  const frozenAtMs = await readFrozenMark(fs, root);
  // Whoever made the mark may have died before it was durable, and nobody makes it again.
  if (frozenAtMs !== undefined) await fs.fsyncDir(`${root}/${LAYOUT.state}`, 'frozen-dir');
  await retention.prune(clock.monotonicMs());
  await room.restore();
  const dedupe = openDedupe(options);
  const sequence = new PosixSequenceStore({
    registers,
    epoch,
    tree,
    signed: recovered.floor,
    collected: recovered.collected,
    next: asTreeSize(next),
    frozenAtMs,
    pending: pendingOf(recovered),
    segments,
    latch,
    guard,
    room,
    clock,
    markFrozen: (atMs) => makeFrozenMark(fs, root, atMs),
    letGo: async () => {
      await segments.close();
      for (const register of Object.values(registers)) await register.close();
      await held.lock.release();
    },
  });
  for (const repair of recovered.repairs) events.emit({ type: 'repaired', ...repair });
  const shared = { fs, root, latch, room };
  return {
    objects: new PosixObjectStore({
      ...shared,
      ledger: new DirectoryLedger(fs, root, latch),
      gate: new Gate(PARALLEL_OBJECTS),
    }),
    checkpoints: new PosixCheckpointStore({ ...shared, pool, guard }),
    sequence,
    dedupe,
    recovery: { created: !recovered.published, epoch, size: tree.size, next, repairs: recovered.repairs },
    migration: migrationMark(fs, root),
    async close() {
      await dedupe?.close();
      await sequence.close();
    },
  };
}

function unfinished(root: string): PosixError {
  return new PosixError(
    'half-log',
    `the making of the log in ${root} was interrupted before its first checkpoint: start it in a mode that creates logs`,
    { path: LAYOUT.checkpoint },
  );
}

/** Empties the directory of temporary files, which belong to nobody now that the lock is ours. */
async function prepareDirectories(fs: Fs, root: string): Promise<void> {
  await fs.mkdir(`${root}/${LAYOUT.wal}`, PRIVATE_DIRECTORY);
  for (const name of (await fs.readdir(`${root}/${LAYOUT.temp}`)) ?? []) {
    await removeTree(fs, `${root}/${LAYOUT.temp}/${name}`);
  }
}

async function openRegisters(fs: Fs, root: string, { logId }: LogIdentity): Promise<Registers> {
  const path = (name: string): string => `${root}/${name}`;
  return {
    tree: await Register.open(fs, path(LAYOUT.treeRegister), 'tree', logId),
    floor: await Register.open(fs, path(LAYOUT.floorRegister), 'floor', logId),
    collected: await Register.open(fs, path(LAYOUT.collectedRegister), 'collected', logId),
  };
}

function openDedupe({ dir, dedupe, identity, events }: PosixOptions): SqliteDedupeIndex | undefined {
  if (dedupe === false) return undefined;
  return new SqliteDedupeIndex(dedupe === true ? dedupeFile(dir) : dedupeInMemory(), identity.logId, events);
}

function pendingOf(recovered: Recovered): PendingEntries {
  const pending = new PendingEntries();
  for (const record of recovered.wal.records) pending.push(record.first, record.entries);
  return pending;
}

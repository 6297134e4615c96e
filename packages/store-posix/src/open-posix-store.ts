import { asTreeSize } from '@tilewright/core/bytes';
import { EMPTY_ROOT } from '@tilewright/core/hash';
import type {
  CheckpointStore,
  Clock,
  DedupeIndex,
  Entropy,
  LogEvents,
  ObjectStore,
  SequenceStore,
} from '@tilewright/log/ports';
import { InodePool } from './checkpoint/inode-pool.ts';
import { PosixCheckpointStore } from './checkpoint/posix-checkpoint-store.ts';
import { dedupeFile, dedupeInMemory } from './dedupe/dedupe-file.ts';
import { SqliteDedupeIndex } from './dedupe/sqlite-dedupe-index.ts';
import { buildState, ensureRoot, installState, removeUnfinished } from './directory/create-state.ts';
import { decodeIdentity, type LogIdentity, requireIdentity } from './directory/identity.ts';
import { LAYOUT, PRIVATE_DIRECTORY, PRIVATE_FILE } from './directory/layout.ts';
import { takeLock } from './directory/owner.ts';
import { survey, whyNotALog } from './directory/survey.ts';
import { translating } from './directory/translate-error.ts';
import { errnoOf, unlessErrno } from './fs/errno.ts';
import type { Fs, FsLock } from './fs/fs.ts';
import { nodeFs } from './fs/node-fs.ts';
import { DirectoryLedger } from './objects/directory-ledger.ts';
import { PosixObjectStore } from './objects/posix-object-store.ts';
import { PosixError } from './posix-error.ts';
import type { Repair } from './recovery/reconcile.ts';
import { type Recovered, type Registers, recover } from './recovery/recover.ts';
import { Register } from './register/register.ts';
import { Retention, type RetentionLimits } from './segment/retention.ts';
import { SegmentLog } from './segment/segment-log.ts';
import { PendingEntries } from './sequence/pending-entries.ts';
import { PosixSequenceStore } from './sequence/posix-sequence-store.ts';
import { FailureLatch } from './writer/failure-latch.ts';
import { Gate } from './writer/gate.ts';
import { Room } from './writer/room.ts';
import { WriterGuard } from './writer/writer-guard.ts';

const MIB = 1024 * 1024;
/** libuv has four threads unless told otherwise: one stays free for the segment. */
const PARALLEL_OBJECTS = 3;

/** Sizes and limits, in bytes and milliseconds. Tests make them small. */
export interface PosixLimits {
  /** Size of a write-ahead segment. */
  readonly segmentBytes: number;
  /** Room kept in reserve to publish the backlog on a full disk. */
  readonly reserveBytes: number;
  /** How long segments are kept that nothing needs any more. */
  readonly retention: RetentionLimits;
}

/** What a log's directory is opened with unless told otherwise. */
export const DEFAULT_POSIX_LIMITS: PosixLimits = {
  segmentBytes: 16 * MIB,
  reserveBytes: 16 * MIB,
  retention: { maxAgeMs: 3_600_000, maxBytes: 1024 * MIB },
};

/** How to open a log in a directory. */
export interface PosixOptions {
  /** The machine's own file system unless given. */
  readonly fs?: Fs;
  readonly dir: string;
  readonly identity: LogIdentity;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly events: LogEvents;
  /** What may be there: a log; nothing of one; either. */
  readonly mode: 'open' | 'create' | 'open-or-create';
  /** Whether duplicates are recognised across restarts; 'in-memory' for file systems that SQLite cannot see. */
  readonly dedupe: boolean | 'in-memory';
  readonly limits?: Partial<PosixLimits>;
}

/** What opening found and did. */
export interface PosixRecovery {
  /** The log was made now, or its making was completed. It has no checkpoint yet. */
  readonly created: boolean;
  /** Number of this opening. */
  readonly epoch: number;
  /** Entries integrated. */
  readonly size: number;
  /** Entries sequenced. */
  readonly next: number;
  /** What was damaged and rebuilt; also told as events. */
  readonly repairs: readonly Repair[];
}

/** A log's storage, held by this process until it is closed. */
export interface PosixStore {
  readonly objects: ObjectStore;
  readonly checkpoints: CheckpointStore;
  readonly sequence: SequenceStore;
  readonly dedupe: DedupeIndex | undefined;
  readonly recovery: PosixRecovery;
  /** Closes everything; the log does so as well when it closes its sequence store and dedupe index. */
  close(): Promise<void>;
}

/**
 * Opens the log in a directory for writing, and recovers it: on return everything that was ever acknowledged is
 * there, durable and consistent.
 *
 * @throws PosixError whose message says what to do; 'locked' names the holder.
 */
export function openPosixStore(options: PosixOptions): Promise<PosixStore> {
  return translating(options.dir, async () => {
    const { fs = nodeFs(), dir: root, mode } = options;
    const found = await survey(fs, root);
    let created = false;
    if (found.kind === 'nothing' && mode !== 'open') {
      created = await createLog(fs, options);
      if (!created && mode === 'create') throw new PosixError('already-a-log', `another process made a log in ${root}`);
    } else {
      const reason = whyNotALog(root, found);
      if (reason !== undefined) throw reason;
    }
    await requireStoredIdentity(fs, root, options.identity);
    const held = await takeLock(fs, root, options);
    try {
      return await openHeld(fs, options, held, created);
    } catch (error) {
      await held.lock.release().catch(() => undefined);
      throw error;
    }
  });
}

async function createLog(fs: Fs, options: PosixOptions): Promise<boolean> {
  const { dir: root, identity, clock, entropy } = options;
  await ensureRoot(fs, root);
  const tree = { size: asTreeSize(0), root: EMPTY_ROOT };
  try {
    return await installState(fs, root, await buildState({ fs, root, identity, tree, clock, entropy }));
  } catch (error) {
    // Whoever was faster has removed what we were building.
    if (errnoOf(error) === 'ENOENT' && (await survey(fs, root)).kind === 'log') return false;
    throw error;
  }
}

async function requireStoredIdentity(fs: Fs, root: string, identity: LogIdentity): Promise<void> {
  const format = await fs.readFile(`${root}/${LAYOUT.format}`);
  requireIdentity(decodeIdentity(format ?? new Uint8Array(0)), identity);
}

async function openHeld(
  fs: Fs,
  options: PosixOptions,
  held: { readonly lock: FsLock; readonly inode: string },
  created: boolean,
): Promise<PosixStore> {
  const { dir: root, identity, clock, events, mode } = options;
  const limits = { ...DEFAULT_POSIX_LIMITS, ...options.limits };
  await removeUnfinished(fs, root);
  await prepareDirectories(fs, root);
  const registers = await openRegisters(fs, root, identity);
  const maker = { fs, root, logId: identity.logId, entropy: options.entropy };
  const recovered = await recover({ maker, identity, registers, segmentBytes: limits.segmentBytes });
  const isNew = (await fs.stat(`${root}/${LAYOUT.checkpoint}`)) === undefined;
  if (isNew && !created) requireCreation(root, mode);
  if (!isNew && mode === 'create') throw new PosixError('already-a-log', `there is a log in ${root} already`);
  const dedupe = openDedupe(options);
  const latch = new FailureLatch();
  const guard = new WriterGuard(fs, root, { inode: held.inode, tree: registers.tree, epoch: recovered.epoch }, latch);
  const gate = new Gate(PARALLEL_OBJECTS);
  const retention = new Retention(fs, root, limits.retention);
  const room = new Room(fs, root, limits, retention);
  for (const segment of recovered.old) retention.add(segment.path, segment.bytes, clock.monotonicMs());
  const segments = new SegmentLog({
    maker: { ...maker, epoch: recovered.epoch },
    segmentBytes: limits.segmentBytes,
    active: recovered.active,
    end: recovered.next,
    sealed: [],
    retention,
    latch,
    room,
  });
  const sequence = new PosixSequenceStore({
    registers,
    epoch: recovered.epoch,
    tree: recovered.tree,
    signed: recovered.floor,
    collected: recovered.collected,
    next: asTreeSize(recovered.next),
    frozen: (await fs.stat(`${root}/${LAYOUT.frozen}`)) !== undefined,
    pending: pendingOf(recovered),
    segments,
    latch,
    guard,
    room,
    clock,
    markFrozen: () => markFrozen(fs, root),
    letGo: () => letGo(segments, registers, held.lock),
  });
  await retention.prune(clock.monotonicMs());
  await room.restore();
  for (const repair of recovered.repairs) events.emit({ type: 'repaired', ...repair });
  return {
    objects: new PosixObjectStore({ fs, root, ledger: new DirectoryLedger(fs, root, latch), latch, room, gate }),
    checkpoints: new PosixCheckpointStore({
      fs,
      root,
      pool: await InodePool.open(fs, root, clock),
      guard,
      latch,
      room,
    }),
    sequence,
    dedupe,
    recovery: {
      created: isNew,
      epoch: recovered.epoch,
      size: recovered.tree.size,
      next: recovered.next,
      repairs: recovered.repairs,
    },
    async close() {
      await dedupe?.close();
      await sequence.close();
    },
  };
}

function requireCreation(root: string, mode: PosixOptions['mode']): void {
  if (mode !== 'open') return;
  throw new PosixError(
    'half-log',
    `the making of the log in ${root} was interrupted before its first checkpoint: start it in a mode that creates logs`,
    { path: LAYOUT.checkpoint },
  );
}

/** Empties the directory of temporary files, which belong to nobody now that the lock is ours. */
async function prepareDirectories(fs: Fs, root: string): Promise<void> {
  for (const directory of [LAYOUT.temp, LAYOUT.wal]) await fs.mkdir(`${root}/${directory}`, PRIVATE_DIRECTORY);
  for (const name of (await fs.readdir(`${root}/${LAYOUT.temp}`)) ?? []) {
    await unlessErrno(fs.unlink(`${root}/${LAYOUT.temp}/${name}`), ['ENOENT'], undefined);
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

async function markFrozen(fs: Fs, root: string): Promise<void> {
  const file = await unlessErrno(fs.open(`${root}/${LAYOUT.frozen}`, 'create', PRIVATE_FILE), ['EEXIST'], undefined);
  await file?.close();
  await fs.fsyncDir(`${root}/${LAYOUT.state}`, 'frozen-dir');
}

async function letGo(segments: SegmentLog, registers: Registers, lock: FsLock): Promise<void> {
  await segments.close();
  for (const register of Object.values(registers)) await register.close();
  await lock.release();
}

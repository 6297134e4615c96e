import { equalBytes, type Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { naiveTree } from '@tilewright/core/testing';
import { BrokenRule, must } from '@tilewright/fuzz';
import { LogError } from '@tilewright/log';
import { checkLog } from '@tilewright/log/testing';
import { openPosixReader, type PosixStore } from '@tilewright/store-posix';
import { drive, LAYOUT, type SimulatedDisk } from '@tilewright/store-posix/testing';
import { entry } from '../../world/entries.ts';
import { LOG_ID, logVerifier, ORIGIN } from '../../world/log-key.ts';
import { judgeSlot, SLOT } from '../state/judge-slot.ts';
import type { DamagedDirectory } from './damage-directory.ts';
import { bytesOf, type LogImage } from './log-images.ts';
import { refusalOf } from './refusals.ts';
import { closeLog, ROOT, type SmallLog } from './small-log.ts';

/** The entry that is added to a log that opened: none of the images holds it. */
const NEXT = 1000;
const REPAIRED = [LAYOUT.treeRegister, LAYOUT.floorRegister, LAYOUT.wal];
/** What can be said of a directory that opened: nothing was wrong with it, or what was repaired. */
export const OPENED: readonly string[] = [
  'opened: nothing to repair',
  ...REPAIRED.map((path) => `opened: ${path} repaired`),
];
/** What can be said besides: nobody had been told of what is missing, or nobody had to look where the damage is. */
export const ODD = ['opened: less than was sequenced', 'opened: only an outsider sees the damage'] as const;

/** The registers that lost a slot: tree and floor. */
export function lostRegisters(disk: SimulatedDisk): string[] {
  return [LAYOUT.treeRegister, LAYOUT.floorRegister].filter((path) => !isWholeRegister(disk, path));
}

/** Whether both slots of the register are what the driver writes. */
function isWholeRegister(disk: SimulatedDisk, path: string): boolean {
  if (disk.find(`${ROOT}/${path}`)?.kind !== 'file') return false;
  // Zeros at the end of a file say as much as its end.
  const bytes = new Uint8Array(2 * SLOT);
  bytes.set(bytesOf(disk, `${ROOT}/${path}`).subarray(0, 2 * SLOT));
  const kind = path === LAYOUT.treeRegister ? 'tree' : 'floor';
  return [0, SLOT].every((at) => judgeSlot(kind, LOG_ID, bytes.subarray(at, at + SLOT)) === 'valid');
}

/** Every register that lost a slot is said to be repaired, and no other. */
export function checkRepairs({ recovery }: PosixStore, lost: readonly string[]): void {
  const said = recovery.repairs.map(({ path }) => path).filter((path) => !path.startsWith(`${LAYOUT.wal}/`));
  must(
    said.sort().join() === [...lost].sort().join(),
    () => `${lost.join()} lost a slot, and ${said.join()} is repaired`,
  );
}

/** What the store says of itself, before the engine has a look. */
export async function checkStore(store: PosixStore, { forged }: DamagedDirectory, image: LogImage): Promise<string[]> {
  const { size, next, repairs } = store.recovery;
  must(size <= next, () => `${size} entries are integrated, ${next} sequenced`);
  const { batches } = await store.sequence.pending({ entries: 10_000, bytes: 10_000_000 });
  let index = size;
  for (const batch of batches) {
    must(batch.first === index, () => `entry ${batch.first} comes where ${index} was to come`);
    for (const bytes of batch.entries) {
      must(forged || equalBytes(bytes, entry(index).data), () => `nobody wrote the entry ${index} that was recovered`);
      index += 1;
    }
  }
  must(index === next, () => `${next} are sequenced, and the last that is there is ${index - 1}`);
  const reached = repairs.map(
    ({ path }) => `opened: ${path.startsWith(`${LAYOUT.wal}/`) ? LAYOUT.wal : path} repaired`,
  );
  if (next < image.sequenced) reached.push(ODD[0]);
  return reached.length > 0 ? [...new Set(reached)] : [OPENED[0] ?? ''];
}

/**
 * The log as it opened holds every entry that was answered and none that nobody wrote; it takes one more, and closes.
 * Says why it stopped, where it did: some damage is met only when more is written.
 */
export async function checkLife(running: SmallLog, damaged: DamagedDirectory, image: LogImage): Promise<string[]> {
  const { log, world } = running;
  const { tree } = log.published();
  must(tree.size >= image.published, () => `${image.published} entries were answered, ${tree.size} are left`);
  must(
    damaged.forged || isTreeOf(tree, entriesUpTo(tree.size)),
    () => `${tree.size} entries are published, others than were written`,
  );
  const added = await drive(world.clock, Promise.race([log.add(entry(NEXT)), log.failed])).catch(() => log.failed);
  if (added instanceof LogError) {
    await closeLog(running);
    return [refusalOf(added)];
  }
  const receipt = added;
  must(Number(receipt.index) === tree.size, () => `after ${tree.size} entries comes entry ${receipt.index}`);
  const now = log.published().tree;
  const all = [...entriesUpTo(tree.size), entry(NEXT).leafHash];
  must(damaged.forged || isTreeOf(now, all), () => `the entry that was added made another tree of ${now.size}`);
  await closeLog(running);
  return [];
}

/** What an outsider finds, who reads everything: the log, or tiles that were damaged where nobody else had to look. */
export async function look(
  { disk, touched, forged }: DamagedDirectory,
  { tileHeight }: LogImage,
  size: number,
): Promise<string[]> {
  const reader = openPosixReader(ROOT, disk.process());
  try {
    const { entries } = await checkLog({ origin: ORIGIN, verifier: logVerifier, tileHeight, ...reader });
    must(entries.length === size, () => `an outsider sees ${entries.length} entries of ${size}`);
    must(
      forged || entries.slice(0, -1).every((bytes, index) => equalBytes(bytes, entry(index).data)),
      () => 'an outsider sees entries that nobody wrote',
    );
    return [];
  } catch (error) {
    if (error instanceof BrokenRule) throw error;
    const tiles = [...touched].some((path) => path.startsWith(`${LAYOUT.tiles}/`));
    must(tiles, () => `no tile was touched, and an outsider says: ${String(error)}`);
    return [ODD[1]];
  }
}

function entriesUpTo(size: number): Hash[] {
  return Array.from({ length: size }, (_, n) => entry(n).leafHash);
}

const roots = new Map<string, Hash>();

function isTreeOf({ size, root }: Tree, leaves: readonly Hash[]): boolean {
  if (size !== leaves.length) return false;
  const key = `${size} ${leaves.at(-1)?.join()}`;
  const known = roots.get(key) ?? naiveTree(leaves).root(0, size);
  roots.set(key, known);
  return equalBytes(known, root);
}

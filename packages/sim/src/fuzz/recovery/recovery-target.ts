import { equalBytes, type Hash } from '@tilewright/core/bytes';
import type { Tree } from '@tilewright/core/merkle';
import { naiveTree } from '@tilewright/core/testing';
import { LogError } from '@tilewright/log';
import { checkLog } from '@tilewright/log/testing';
import { openPosixReader, openPosixStore, type PosixStore } from '@tilewright/store-posix';
import { drive, LAYOUT, type SimulatedDisk, simulatedWorld } from '@tilewright/store-posix/testing';
import { entry } from '../../world/entries.ts';
import { LOG_ID, logVerifier, ORIGIN } from '../../world/log-key.ts';
import { BrokenRule, must } from '../broken-rule.ts';
import type { FuzzOutcome, FuzzTarget } from '../fuzz-target.ts';
import { Meter } from '../meter.ts';
import { judgeSlot, SLOT } from '../state/judge-slot.ts';
import { type DamagedDirectory, damageDirectory } from './damage-directory.ts';
import { bytesOf, type LogImage, logImages } from './log-images.ts';
import { meterFs } from './meter-fs.ts';
import { readCap } from './read-caps.ts';
import { REFUSAL_NAMES, refusalOf } from './refusals.ts';
import { closeLog, openStore, ROOT, type SmallLog, startLog } from './small-log.ts';

/** The entry that is added to a log that opened: none of the images holds it. */
const NEXT = 1000;
const REPAIRED = [LAYOUT.treeRegister, LAYOUT.floorRegister, LAYOUT.wal];
const OPENED = ['opened: nothing to repair', ...REPAIRED.map((path) => `opened: ${path} repaired`)];
const ODD = ['opened: less than was sequenced', 'opened: only an outsider sees the damage'] as const;

/** The target of segments meets these by the thousand. */
const RARE = [
  'write-ahead log: a bad record before another segment',
  'write-ahead log: a bad record and nothing valid before it',
  'write-ahead log: a later opening that knows more',
];

/** How a store is opened: the real one, or one with a defect that is to be found. */
export type OpenPosixStore = typeof openPosixStore;

/** A whole directory, from its first byte to a log that takes entries. */
export function recoveryTarget(open: OpenPosixStore = openPosixStore): FuzzTarget {
  return {
    name: 'recovery',
    about: 'a whole directory: store, engine, one more entry, an outsider, a second opening',
    perMillion: 20_000,
    reaches: [...OPENED, ...ODD, ...REFUSAL_NAMES.filter((name) => !RARE.includes(name))],
    mayReach: RARE,
    async prepare() {
      const images = await logImages();
      return {
        async run(random): Promise<FuzzOutcome> {
          const image = random.pick(images);
          const whole = random.chance(0.02);
          const nothing = { disk: image.disk.clone(), forged: false, touched: new Set<string>(), how: [] };
          const damaged = whole ? nothing : await damageDirectory(random, image, images);
          const reached = await judge(damaged, image, open);
          must(
            !whole || reached.every((name) => name === OPENED[0] || name === OPENED[3]),
            () => `a whole directory: ${reached.join()}`,
          );
          return { kind: whole ? 'valid' : 'damaged', how: damaged.how, reached };
        },
      };
    },
  };
}

async function judge(damaged: DamagedDirectory, image: LogImage, open: OpenPosixStore): Promise<string[]> {
  const { disk } = damaged;
  const before = contents(disk);
  const lost = [LAYOUT.treeRegister, LAYOUT.floorRegister].filter((path) => !isWholeRegister(disk, path));
  const world = simulatedWorld(900);
  const meter = new Meter(readCap(disk));
  let store: PosixStore;
  try {
    store = await openStore(meterFs(disk.process(), meter), world, open, 'open');
  } catch (error) {
    meter.check();
    const name = refusalOf(error);
    if (!name.startsWith('late: ')) checkUnchanged(before, contents(disk));
    return [name];
  }
  meter.check();
  checkRepairs(store, lost);
  const reached = await checkStore(store, damaged, image);
  let running: SmallLog;
  try {
    running = await startLog(store, world, image.tileHeight);
  } catch (error) {
    meter.check();
    await store.close().catch(() => undefined);
    return [...reached, refusalOf(error)];
  }
  meter.check();
  const stopped = await checkLife(running, damaged, image);
  reached.push(...stopped);
  if (stopped.length > 0) return reached;
  reached.push(...(await look(damaged, image, running.log.published().tree.size)));
  const again = await openStore(disk.process(), simulatedWorld(901), open, 'open');
  must(again.recovery.size === running.log.published().tree.size, () => 'the next opening has another size');
  await again.close();
  return reached;
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
function checkRepairs({ recovery }: PosixStore, lost: readonly string[]): void {
  const said = recovery.repairs.map(({ path }) => path).filter((path) => !path.startsWith(`${LAYOUT.wal}/`));
  must(
    said.sort().join() === [...lost].sort().join(),
    () => `${lost.join()} lost a slot, and ${said.join()} is repaired`,
  );
}

/** What the store says of itself, before the engine has a look. */
async function checkStore(store: PosixStore, { forged }: DamagedDirectory, image: LogImage): Promise<string[]> {
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
async function checkLife(running: SmallLog, damaged: DamagedDirectory, image: LogImage): Promise<string[]> {
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
async function look(
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

interface FileFacts {
  readonly size: number;
  readonly bytes: Uint8Array;
}

const roots = new Map<string, Hash>();

function isTreeOf({ size, root }: Tree, leaves: readonly Hash[]): boolean {
  if (size !== leaves.length) return false;
  const key = `${size} ${leaves.at(-1)?.join()}`;
  const known = roots.get(key) ?? naiveTree(leaves).root(0, size);
  roots.set(key, known);
  return equalBytes(known, root);
}

/** All files but those that every start writes anew: how long they are, and what is in them. */
function contents(disk: SimulatedDisk): Map<string, FileFacts> {
  const ours = [LAYOUT.owner, LAYOUT.lock, `${LAYOUT.temp}/`, `${LAYOUT.state}.new-`].map((path) => `${ROOT}/${path}`);
  const paths = disk.files(ROOT).filter((path) => !ours.some((own) => path.startsWith(own)));
  return new Map(paths.map((path) => [path, { size: disk.file(path).size, bytes: bytesOf(disk, path) }]));
}

/** Whoever refuses a directory leaves it as it is. A register that is missing is made empty, which says as little. */
function checkUnchanged(before: ReadonlyMap<string, FileFacts>, after: ReadonlyMap<string, FileFacts>): void {
  for (const [path, { size, bytes }] of before) {
    const now = after.get(path);
    const same = now !== undefined && now.size === size && Buffer.compare(now.bytes, bytes) === 0;
    must(same, () => `a refusal changed ${path}`);
  }
  for (const [path, { size }] of after) must(before.has(path) || size === 0, () => `a refusal made ${path}`);
}

import { asTreeSize, encodeUtf8 } from '@tilewright/core/bytes';
import { EMPTY_ROOT, leafHash } from '@tilewright/core/hash';
import type { Tree } from '@tilewright/core/merkle';
import { bundlePath } from '@tilewright/core/tiles';
import { adoptPosixLog } from '../directory/adopt.ts';
import type { FsFile } from '../fs/fs.ts';
import { openPosixStore } from '../open-posix-store.ts';
import type { PosixStore } from '../posix-options.ts';
import { SimulatedDisk } from '../testing/simulated-disk.ts';
import type { Intercept } from '../testing/simulated-fault.ts';
import { simulatedWorld } from '../testing/simulated-world.ts';
import { unsignedNote } from '../testing/unsigned-note.ts';
import type { Disguise } from './fault-case.ts';
import { ROOT } from './oracle.ts';
import { LIMITS } from './run-log.ts';
import { LOG_ID, ORIGIN } from './test-key.ts';

/** A promise of the driver that the workload of the table does not reach. Throws when it is broken. */
export type Story = (disguise: Disguise) => Promise<void>;

const path = bundlePath({ index: 0, width: 1 });
const bytes = new Uint8Array([0, 1, 7]);

function open(disk: SimulatedDisk, disguise: Disguise): Promise<PosixStore> {
  return openPosixStore({
    fs: disguise(disk.process()),
    dir: ROOT,
    identity: { origin: ORIGIN, logId: LOG_ID },
    ...simulatedWorld(1),
    mode: 'open-or-create',
    dedupe: false,
    limits: LIMITS,
  });
}

/** Somebody put a tile back and did not sync it: once the store found it identical and synced, it stays. */
export const identicalButUnsynced: Story = async (disguise) => {
  const disk = new SimulatedDisk();
  const { objects } = await open(disk, disguise);
  const somebody = disk.process();
  for (const directory of ['tile', 'tile/entries', 'tile/entries/000.p'])
    await somebody.mkdir(`${ROOT}/${directory}`, 0o755);
  const file = await somebody.open(`${ROOT}/${path}`, 'create', 0o644);
  await file.pwrite(bytes, 0);
  if ((await objects.create(path, bytes)) !== 'identical') throw new Error('the bytes are there already');
  await objects.sync();
  disk.powerLoss(0);
  await requireFile(disk, path, bytes);
};

/** Somebody put the checkpoint back and did not sync it: once the log was opened on it, it stays. */
export const checkpointPutBack: Story = async (disguise) => {
  const disk = new SimulatedDisk();
  const store = await open(disk, disguise);
  const note = unsignedNote(ORIGIN, { size: asTreeSize(0), root: EMPTY_ROOT });
  await store.checkpoints.replace(note, 'absent');
  await store.close();
  const somebody = disk.process();
  await somebody.unlink(`${ROOT}/checkpoint`);
  await (await somebody.open(`${ROOT}/checkpoint`, 'create', 0o644)).pwrite(note, 0);
  await open(disk, disguise);
  disk.powerLoss(0);
  await requireFile(disk, 'checkpoint', note);
};

/** Another program's log, nothing of it synced: once it is adopted, all of it stays, and so does our state. */
export const adopted: Story = async (disguise) => {
  const disk = await foreignLog();
  await adopt(disk, disguise);
  disk.powerLoss(0);
  await requireFile(disk, path, bytes);
  await requireFile(disk, '.state.before-adoption/treeState', FOREIGN);
  const { sequence, recovery } = await open(disk, (fs) => fs);
  if ((await sequence.head()).tree.size !== 1) throw new Error('the adopted tree is lost');
  if (recovery.repairs.length > 0) throw new Error('a part of the new state is lost');
};

/** Whatever a power loss in the middle of an adoption keeps, the other program's state is still to be found. */
export const adoptedHalfWay: Story = async (disguise) => {
  const disk = await foreignLog();
  disk.powerLoss(1);
  const stop: Intercept = ({ purpose }) => (purpose === 'adopted-name' ? { kind: 'stop-before' } : undefined);
  await adopt(disk, disguise, stop).catch(() => undefined);
  for (let seed = 0; seed < 40; seed++) {
    const after = disk.clone();
    after.powerLoss(seed);
    const kept = ['.state', '.state.before-adoption'].filter((name) => after.find(`${ROOT}/${name}/treeState`));
    if (kept.length !== 1) throw new Error(`seed ${seed}: the state of the other program is lost`);
  }
};

/** A register was gone; once the log was opened, it is there again. */
export const registerGone: Story = async (disguise) => {
  const disk = new SimulatedDisk();
  await (await open(disk, disguise)).close();
  await disk.process().unlink(`${ROOT}/.state/floor`);
  disk.powerLoss(1);
  await (await open(disk, disguise)).close();
  disk.powerLoss(0);
  if (disk.find(`${ROOT}/.state/floor`) === undefined) throw new Error('a register is lost');
};

/** A frozen log stays frozen, since the time that it was frozen at. */
export const frozenForGood: Story = async (disguise) => {
  const disk = new SimulatedDisk();
  await (await open(disk, disguise)).sequence.freeze(1_787_296_857_123);
  disk.powerLoss(0);
  const { frozenAtMs } = await (await open(disk, disguise)).sequence.head();
  if (frozenAtMs !== 1_787_296_857_123) throw new Error(`the log was frozen at another time than ${frozenAtMs}`);
};

const FOREIGN = encodeUtf8('{}');

async function foreignLog(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const somebody = disk.process();
  for (const directory of ['/srv', ROOT]) {
    await somebody.mkdir(directory, 0o755);
    await somebody.fsyncDir(directory === ROOT ? '/srv' : '/', 'root-name');
  }
  for (const directory of ['.state', 'tile', 'tile/entries', 'tile/entries/000.p']) {
    await somebody.mkdir(`${ROOT}/${directory}`, 0o755);
  }
  const note = unsignedNote(ORIGIN, ONE);
  const write = async (name: string, content: Uint8Array): Promise<FsFile> => {
    const file = await somebody.open(`${ROOT}/${name}`, 'create', 0o644);
    await file.pwrite(content, 0);
    return file;
  };
  await write(path, bytes);
  await write('checkpoint', note);
  await (await write('.state/treeState', FOREIGN)).fdatasync('adopted-file');
  await somebody.fsyncDir(`${ROOT}/.state`, 'adopted-dir');
  return disk;
}

const ONE: Tree = { size: asTreeSize(1), root: leafHash(bytes.subarray(2)) };

function adopt(disk: SimulatedDisk, disguise: Disguise, intercept?: Intercept): Promise<void> {
  const identity = { origin: ORIGIN, logId: LOG_ID };
  return adoptPosixLog({ fs: disguise(disk.process(intercept)), dir: ROOT, identity, tree: ONE, ...simulatedWorld(1) });
}

async function requireFile(disk: SimulatedDisk, name: string, content: Uint8Array): Promise<void> {
  const left = await disk.process().readFile(`${ROOT}/${name}`);
  if (left === undefined || Buffer.compare(left, content) !== 0) throw new Error(`${name} is lost`);
}

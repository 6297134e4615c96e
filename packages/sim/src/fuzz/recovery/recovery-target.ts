import { type FuzzOutcome, type FuzzTarget, Meter, must } from '@tilewright/fuzz';
import { openPosixStore, PosixError, type PosixStore } from '@tilewright/store-posix';
import { simulatedWorld } from '@tilewright/store-posix/testing';
import { type DamagedDirectory, damageDirectory } from './damage-directory.ts';
import { type Contents, checkTiles, checkUnchanged, contents } from './disk-contents.ts';
import { checkLife, checkRepairs, checkStore, look, lostRegisters, ODD, OPENED } from './judge-log.ts';
import { type LogImage, logImages } from './log-images.ts';
import { meterFs } from './meter-fs.ts';
import { readCap } from './read-caps.ts';
import { REFUSAL_NAMES, refusalOf } from './refusals.ts';
import { openStore, type SmallLog, startLog } from './small-log.ts';

/** Only somebody who makes checksums can count so far. */
const FORGED = 'late: forged numbers that nothing can be counted on from';
/** The target of segments meets most of these by the thousand. */
const RARE = [
  'state: nothing of a log is left',
  'late: something else where a tile is to be stored',
  FORGED,
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
  const before = contents(damaged.disk);
  const reached = await start(damaged, image, open, before);
  must(damaged.forged || !reached.includes(FORGED), () => 'a log that nobody else opened says that somebody did');
  checkTiles(before, contents(damaged.disk));
  return reached;
}

async function start(
  damaged: DamagedDirectory,
  image: LogImage,
  open: OpenPosixStore,
  before: Contents,
): Promise<string[]> {
  const { disk } = damaged;
  const lost = lostRegisters(disk);
  const world = simulatedWorld(900);
  const meter = new Meter(readCap(disk));
  let store: PosixStore;
  try {
    store = await openStore(meterFs(disk.process(), meter), world, image.tileHeight, open, 'open');
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
  await openAgain(damaged, image, open, running.log.published().tree.size);
  return reached;
}

/** What opened once opens again, and is as it was; but for numbers that were forged so that none can follow them. */
async function openAgain(
  { disk, forged }: DamagedDirectory,
  { tileHeight }: LogImage,
  open: OpenPosixStore,
  size: number,
): Promise<void> {
  try {
    const again = await openStore(disk.process(), simulatedWorld(901), tileHeight, open, 'open');
    must(again.recovery.size === size, () => `the next opening has ${again.recovery.size} entries, not ${size}`);
    await again.close();
  } catch (error) {
    if (!forged || !(error instanceof PosixError)) throw error;
  }
}

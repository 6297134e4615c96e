import { encodeUtf8 } from '@tilewright/core/bytes';
import {
  BLOCK_SIZE,
  decodeSegmentHeader,
  encodeSegmentHeader,
  LAYOUT,
  type SimulatedDisk,
  type SimulatedProcess,
} from '@tilewright/store-posix/testing';
import type { FuzzRandom } from '../fuzz-random.ts';
import { mutateBytes } from '../mutate/mutate-bytes.ts';
import type { Sample } from '../mutate/sample.ts';
import { resealSegment } from '../segment/reseal.ts';
import { sampleOf } from '../segment/wal-scene.ts';
import { slotSample } from '../state/draw-slot.ts';
import { resealSlots } from '../state/judge-slot.ts';
import { bytesOf, type LogImage } from './log-images.ts';
import { ROOT } from './small-log.ts';

/** A directory that something happened to. */
export interface DamagedDirectory {
  readonly disk: SimulatedDisk;
  /** Whether checksums were made anew: then entries may be there that nobody wrote. */
  readonly forged: boolean;
  /** Paths that were changed, relative to the log's directory. */
  readonly touched: ReadonlySet<string>;
  readonly how: readonly string[];
}

interface Work {
  readonly disk: SimulatedDisk;
  readonly process: SimulatedProcess;
  readonly random: FuzzRandom;
  readonly images: readonly LogImage[];
  readonly touched: Set<string>;
  forged: boolean;
  /** Directories that were taken away. */
  taken: number;
}

/** Where damage falls, and how often. */
const PLACES: readonly (readonly [weight: number, belongs: (path: string) => boolean])[] = [
  [30, (path) => path.startsWith(`${LAYOUT.wal}/`)],
  [12, (path) => path === LAYOUT.treeRegister],
  [12, (path) => path === LAYOUT.floorRegister],
  [4, (path) => path === LAYOUT.collectedRegister],
  [8, (path) => path === LAYOUT.checkpoint],
  [6, (path) => path === LAYOUT.format],
  [20, (path) => path.startsWith(`${LAYOUT.tiles}/`)],
  [8, () => true],
];
const TOTAL_WEIGHT = PLACES.reduce((sum, [weight]) => sum + weight, 0);

function filesOf(disk: SimulatedDisk): string[] {
  return disk.files(ROOT).map((path) => path.slice(ROOT.length + 1));
}

function somePath({ disk, random }: Work): string {
  const paths = filesOf(disk);
  let roll = random.int(TOTAL_WEIGHT);
  for (const [weight, belongs] of PLACES) {
    roll -= weight;
    const found = paths.filter(belongs);
    if (roll < 0 && found.length > 0) return random.pick(found);
  }
  return random.pick(paths);
}

/** Gives the file other bytes, as many as there are; a new one when there is none. */
async function put({ disk, process, touched }: Work, path: string, bytes: Uint8Array): Promise<void> {
  if (disk.find(`${ROOT}/${path}`) === undefined) await (await process.open(`${ROOT}/${path}`, 'create')).close();
  const file = disk.file(`${ROOT}/${path}`);
  file.truncate(0);
  file.write(bytes, 0);
  touched.add(path);
}

function sampleAt(path: string, bytes: Uint8Array): Sample {
  if (path.startsWith(`${LAYOUT.wal}/`)) return sampleOf(bytes);
  if ([LAYOUT.treeRegister, LAYOUT.floorRegister, LAYOUT.collectedRegister].some((name) => name === path)) {
    return slotSample(bytes.length === 2 * BLOCK_SIZE ? bytes : bytes.slice(0, BLOCK_SIZE));
  }
  if (path === LAYOUT.format) return { bytes, fields: [], busy: [{ start: 0, end: 60 }], words: FORMAT_WORDS };
  return { bytes, fields: [], busy: [] };
}

const FORMAT_WORDS = ['"format":2,', '"format":3,', 'null', '"origin":"b",'].map(encodeUtf8);

async function damageFile(work: Work): Promise<void> {
  const { disk, random, images } = work;
  const path = somePath(work);
  const bytes = bytesOf(disk, `${ROOT}/${path}`);
  const other = otherVersion(random, images, path) ?? bytes;
  const mutant = mutateBytes(random, sampleAt(path, bytes), sampleAt(path, other), random.pick([BLOCK_SIZE, 32]));
  const isSegment = path.startsWith(`${LAYOUT.wal}/`);
  const isRegister = !isSegment && bytes.length === 2 * BLOCK_SIZE;
  if ((isSegment || isRegister) && random.chance(0.3)) {
    if (isSegment) resealSegment(mutant.bytes, random);
    else resealSlots(mutant.bytes);
    work.forged = true;
  }
  await put(work, path, mutant.bytes);
}

/** What the same file holds in another image, if it is there. */
function otherVersion(random: FuzzRandom, images: readonly LogImage[], path: string): Uint8Array | undefined {
  const { disk } = random.pick(images);
  return disk.find(`${ROOT}/${path}`)?.kind === 'file' ? bytesOf(disk, `${ROOT}/${path}`) : undefined;
}

/** A name near `path` that the log might use as well. */
function nearbyName(random: FuzzRandom, path: string): string {
  const digits = /[0-9]+/g;
  const changed = path.replace(digits, (number) =>
    random.chance(0.5) ? String(Number(number) + 1).padStart(number.length, '0') : number,
  );
  return random.pick([changed, changed, `${path}.old`, path.replace(/[^/]+$/, (name) => `0${name}`)]);
}

const DIRECTORIES: readonly string[] = [LAYOUT.wal, LAYOUT.tiles, LAYOUT.temp, LAYOUT.checkpoints, LAYOUT.state];

type Damage = readonly [name: string, weight: number, act: (work: Work) => Promise<void>];

const DAMAGES: readonly Damage[] = [
  ['a file damaged', 50, damageFile],
  [
    'a file missing',
    10,
    async (work) => {
      const path = somePath(work);
      await work.process.unlink(`${ROOT}/${path}`);
      work.touched.add(path);
    },
  ],
  [
    'a file of another time',
    12,
    async (work) => {
      const path = somePath(work);
      const bytes = otherVersion(work.random, work.images, path);
      if (bytes !== undefined) await put(work, path, bytes);
    },
  ],
  [
    'a file under another name too',
    8,
    async (work) => {
      const path = somePath(work);
      const target = nearbyName(work.random, path);
      if (work.disk.find(`${ROOT}/${target.slice(0, target.lastIndexOf('/'))}`)?.kind !== 'directory') return;
      if (work.disk.find(`${ROOT}/${target}`)?.kind === 'directory') return;
      await put(work, target, bytesOf(work.disk, `${ROOT}/${path}`));
    },
  ],
  [
    'files swapped',
    5,
    async (work) => {
      const [a, b] = [somePath(work), somePath(work)];
      const [one, other] = [bytesOf(work.disk, `${ROOT}/${a}`), bytesOf(work.disk, `${ROOT}/${b}`)];
      await put(work, a, other);
      await put(work, b, one);
    },
  ],
  [
    'a directory missing',
    3,
    async (work) => {
      const directory = work.random.pick(DIRECTORIES);
      if (work.disk.find(`${ROOT}/${directory}`) === undefined) return;
      for (const path of filesOf(work.disk)) if (path.startsWith(`${directory}/`)) work.touched.add(path);
      work.taken += 1;
      await work.process.rename(`${ROOT}/${directory}`, `/gone-${work.taken}`);
    },
  ],
  [
    'a directory instead of a file',
    3,
    async (work) => {
      const path = somePath(work);
      await work.process.unlink(`${ROOT}/${path}`);
      await work.process.mkdir(`${ROOT}/${path}`, 0o700);
      if (work.random.chance(0.5)) await put(work, `${path}/inside`, new Uint8Array(1));
      work.touched.add(path);
    },
  ],
  [
    'something that does not belong there',
    4,
    async (work) => {
      const path = work.random.pick([
        `${LAYOUT.state}.new-00`,
        `${LAYOUT.temp}/x`,
        `${LAYOUT.wal}/x`,
        `${LAYOUT.checkpoints}/x`,
      ]);
      const parent = `${ROOT}/${path.slice(0, Math.max(0, path.lastIndexOf('/')))}`;
      if (work.disk.find(parent)?.kind !== 'directory' || work.disk.find(`${ROOT}/${path}`) !== undefined) return;
      if (work.random.chance(0.5)) await put(work, path, work.random.bytes(10));
      else if (await work.process.mkdir(`${ROOT}/${path}`, 0o700)) await put(work, `${path}/inside`, new Uint8Array(1));
      work.touched.add(path);
    },
  ],
  [
    'a file without end',
    5,
    async (work) => {
      const path = somePath(work);
      const size = work.random.pick([2 ** 26, 2 ** 40]);
      const file = work.disk.file(`${ROOT}/${path}`);
      const header = decodeSegmentHeader(bytesOf(work.disk, `${ROOT}/${path}`));
      // A segment that says itself that it is so long.
      if (header !== undefined && work.random.chance(0.5)) {
        file.write(encodeSegmentHeader({ ...header, size }), 0);
        work.forged = true;
      }
      file.truncate(size);
      work.touched.add(path);
    },
  ],
];
const DAMAGE_WEIGHT = DAMAGES.reduce((sum, [, weight]) => sum + weight, 0);

function drawDamage(random: FuzzRandom): readonly [name: string, act: Damage[2]] {
  let roll = random.int(DAMAGE_WEIGHT);
  for (const [name, weight, act] of DAMAGES) {
    roll -= weight;
    if (roll < 0) return [name, act];
  }
  return ['a file damaged', damageFile];
}

/** Does one to three things to a copy of the image's disk, durably. */
export async function damageDirectory(
  random: FuzzRandom,
  image: LogImage,
  images: readonly LogImage[],
): Promise<DamagedDirectory> {
  const disk = image.disk.clone();
  const work: Work = { disk, process: disk.process(), random, images, touched: new Set(), forged: false, taken: 0 };
  const how: string[] = [];
  for (let left = random.pick([1, 1, 1, 2, 3]); left > 0 && filesOf(disk).length > 0; left--) {
    const [name, act] = drawDamage(random);
    await act(work);
    how.push(name);
  }
  disk.powerLoss(1);
  return { disk, forged: work.forged, touched: work.touched, how };
}

import { encodeUtf8 } from '@tilewright/core/bytes';
import type { FuzzRandom, Sample } from '@tilewright/fuzz';
import { BLOCK_SIZE, LAYOUT, type SimulatedDisk, type SimulatedProcess } from '@tilewright/store-posix/testing';
import { sampleOf } from '../segment/wal-scene.ts';
import { slotSample } from '../state/draw-slot.ts';
import { bytesOf, type LogImage } from './log-images.ts';
import { ROOT } from './small-log.ts';

/** What damage works on: a copy of an image's disk. */
export interface Work {
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

export function filesOf(disk: SimulatedDisk): string[] {
  return disk.files(ROOT).map((path) => path.slice(ROOT.length + 1));
}

export function somePath({ disk, random }: Work): string {
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
export async function put({ disk, process, touched }: Work, path: string, bytes: Uint8Array): Promise<void> {
  const parent = `${ROOT}/${path.slice(0, Math.max(0, path.lastIndexOf('/')))}`;
  // Where the directory is gone, or a directory has the name, nothing can be put.
  if (disk.find(parent)?.kind !== 'directory' || disk.find(`${ROOT}/${path}`)?.kind === 'directory') return;
  if (disk.find(`${ROOT}/${path}`) === undefined) await (await process.open(`${ROOT}/${path}`, 'create')).close();
  const file = disk.file(`${ROOT}/${path}`);
  file.truncate(0);
  file.write(bytes, 0);
  touched.add(path);
}

export function sampleAt(path: string, bytes: Uint8Array): Sample {
  if (path.startsWith(`${LAYOUT.wal}/`)) return sampleOf(bytes);
  if ([LAYOUT.treeRegister, LAYOUT.floorRegister, LAYOUT.collectedRegister].some((name) => name === path)) {
    return slotSample(bytes.length === 2 * BLOCK_SIZE ? bytes : bytes.slice(0, BLOCK_SIZE));
  }
  if (path === LAYOUT.format) return { bytes, fields: [], busy: [{ start: 0, end: 60 }], words: FORMAT_WORDS };
  return { bytes, fields: [], busy: [] };
}

const FORMAT_WORDS = ['"format":2,', '"format":3,', 'null', '"origin":"b",'].map(encodeUtf8);

/** What the same file holds in another image, if it is there. */
export function otherVersion(random: FuzzRandom, images: readonly LogImage[], path: string): Uint8Array | undefined {
  const { disk } = random.pick(images);
  return disk.find(`${ROOT}/${path}`)?.kind === 'file' ? bytesOf(disk, `${ROOT}/${path}`) : undefined;
}

/** A name near `path` that the log might use as well. */
export function nearbyName(random: FuzzRandom, path: string): string {
  const digits = /[0-9]+/g;
  const changed = path.replace(digits, (number) =>
    random.chance(0.5) ? String(Number(number) + 1).padStart(number.length, '0') : number,
  );
  return random.pick([changed, changed, `${path}.old`, path.replace(/[^/]+$/, (name) => `0${name}`)]);
}

import { type FuzzRandom, mutateBytes } from '@tilewright/fuzz';
import { BLOCK_SIZE, decodeSegmentHeader, encodeSegmentHeader, LAYOUT } from '@tilewright/store-posix/testing';
import { resealSegment } from '../segment/reseal.ts';
import { resealSlots } from '../state/judge-slot.ts';
import { filesOf, nearbyName, otherVersion, put, sampleAt, somePath, type Work } from './directory-work.ts';
import { bytesOf } from './log-images.ts';
import { lyingRegister, otherIdentity, tileOfTheFuture } from './plausible-damages.ts';
import { ROOT } from './small-log.ts';

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

const DIRECTORIES: readonly string[] = [LAYOUT.wal, LAYOUT.tiles, LAYOUT.temp, LAYOUT.checkpoints, LAYOUT.state];

/** A way to damage a directory, and how often it is taken. */
export type Damage = readonly [name: string, weight: number, act: (work: Work) => Promise<void>];

const DAMAGES: readonly Damage[] = [
  ['a file damaged', 50, damageFile],
  ['the identity of another log', 2, otherIdentity],
  ['a register that lies', 4, lyingRegister],
  ['a tile that is still to be written', 2, tileOfTheFuture],
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

/** One thing to do to a directory, and its name. */
export function drawDamage(random: FuzzRandom): readonly [name: string, act: Damage[2]] {
  let roll = random.int(DAMAGE_WEIGHT);
  for (const [name, weight, act] of DAMAGES) {
    roll -= weight;
    if (roll < 0) return [name, act];
  }
  return ['a file damaged', damageFile];
}

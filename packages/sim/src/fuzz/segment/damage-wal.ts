import { type FuzzRandom, mutateBytes, type Sample } from '@tilewright/fuzz';
import { decodeSegmentHeader, encodeSegmentHeader, LAYOUT, segmentName } from '@tilewright/store-posix/testing';
import { ROOT } from '../recovery/small-log.ts';
import { resealSegment } from './reseal.ts';
import type { WalScene, WalWork } from './wal-scene.ts';

const BLOCK = 4096;
const WAL = `${ROOT}/${LAYOUT.wal}`;
const GIB = 1024 ** 3;

/** What damage may draw on. */
export interface WalStock {
  readonly scenes: readonly WalScene[];
  /** Of every segment of every scene, by its bytes. */
  readonly samples: ReadonlyMap<Uint8Array, Sample>;
}

type Damage = (work: WalWork, random: FuzzRandom, stock: WalStock) => void;

const somePath = (work: WalWork, random: FuzzRandom): string | undefined =>
  work.files.size === 0 ? undefined : random.pick([...work.files.keys()]);

/** Writes a header that fits into a segment, with a checksum that fits. */
function forgeHeader(work: WalWork, path: string, change: Partial<ReturnType<typeof decodeSegmentHeader>>): void {
  const file = work.files.get(path);
  const header = file && decodeSegmentHeader(file.bytes);
  if (file === undefined || header === undefined) return;
  const bytes = file.bytes.slice();
  bytes.set(encodeSegmentHeader({ ...header, ...change }));
  work.files.set(path, { ...file, bytes });
  work.forged = true;
}

const near = (random: FuzzRandom, value: number): number => Math.max(0, value + random.pick([-2, -1, -1, 1, 1, 2, 7]));

const DAMAGES: Readonly<Record<string, Damage>> = {
  'a segment damaged': (work, random, { samples }) => {
    const path = somePath(work, random);
    const file = path === undefined ? undefined : work.files.get(path);
    const sample = file && samples.get(file.bytes);
    if (path === undefined || sample === undefined) return;
    const mutant = mutateBytes(random, sample, random.pick([...samples.values()]), BLOCK);
    if (random.chance(0.5)) {
      resealSegment(mutant.bytes, random);
      work.forged = true;
    }
    work.files.set(path, { bytes: mutant.bytes });
    work.how.push(...mutant.how);
  },
  'a segment missing': (work, random) => {
    const path = somePath(work, random);
    if (path !== undefined) work.files.delete(path);
  },
  'a segment under another name': (work, random) => {
    const path = somePath(work, random);
    const file = path === undefined ? undefined : work.files.get(path);
    const header = file && decodeSegmentHeader(file.bytes);
    if (path === undefined || file === undefined || header === undefined) return;
    const epoch = random.chance(0.5) ? header.epoch : near(random, header.epoch);
    const ordinal = random.chance(0.3) ? header.ordinal : near(random, header.ordinal);
    const name = segmentName(epoch, ordinal);
    const target = `${WAL}/${random.pick([name, name, name, `0${name}`, `${name}.old`, 'spare'])}`;
    work.files.set(target, file);
    if (random.chance(0.4)) work.files.delete(path);
    if (random.chance(0.6)) forgeHeader(work, target, { epoch, ordinal });
  },
  'segments swapped': (work, random) => {
    const [a, b] = [somePath(work, random), somePath(work, random)];
    const [one, other] = [work.files.get(a ?? ''), work.files.get(b ?? '')];
    if (a === undefined || b === undefined || one === undefined || other === undefined) return;
    work.files.set(a, other);
    work.files.set(b, one);
  },
  'a segment of another time': (work, random, { scenes }) => {
    const [path, bytes] = random.pick([...random.pick(scenes).files]);
    const target = random.chance(0.7) ? path : (somePath(work, random) ?? path);
    work.files.set(target, { bytes });
  },
  'another tree': (work, random) => {
    work.from = random.chance(0.8) ? near(random, work.from) : random.int(300);
  },
  'another opening': (work, random) => {
    work.epoch = random.chance(0.5) ? undefined : near(random, work.epoch ?? 1);
  },
  'a header that fits and lies': (work, random) => {
    const path = somePath(work, random);
    if (path === undefined) return;
    const header = decodeSegmentHeader(work.files.get(path)?.bytes ?? new Uint8Array(0));
    if (header === undefined) return;
    const field = random.pick(['base', 'before', 'size', 'logId'] as const);
    const change = field === 'logId' ? random.bytes(32) : near(random, header[field]);
    forgeHeader(work, path, { [field]: change });
  },
  'a file without end': (work, random) => {
    const path = somePath(work, random);
    const file = path === undefined ? undefined : work.files.get(path);
    if (path === undefined || file === undefined) return;
    const size = random.pick([2 ** 40, GIB, GIB + 1, 2 ** 32 + 5 * BLOCK, 2 ** 52]);
    work.files.set(path, { bytes: file.bytes, size });
    // One that says itself that it is so long, where that is longer than any.
    if (size > GIB && random.chance(0.6)) forgeHeader(work, path, { size });
  },
};
const NAMES: readonly string[] = Object.keys(DAMAGES);

/** Does one to three things to the scene. */
export function damageWal(random: FuzzRandom, scene: WalScene, stock: WalStock): WalWork {
  const files = new Map([...scene.files].map(([path, bytes]) => [path, { bytes }]));
  const work: WalWork = { files, from: scene.from, epoch: scene.epoch, forged: false, how: [] };
  for (let left = random.pick([1, 1, 2, 3]); left > 0; left--) {
    const name = random.pick(random.chance(0.4) ? NAMES.slice(0, 1) : NAMES);
    work.how.push(name);
    DAMAGES[name]?.(work, random, stock);
  }
  return work;
}

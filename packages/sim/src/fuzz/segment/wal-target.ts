import { equalBytes } from '@tilewright/core/bytes';
import { BrokenRule, type FuzzOutcome, type FuzzTarget, must } from '@tilewright/fuzz';
import { PosixError } from '@tilewright/store-posix';
import { LAYOUT, readWal, type WalReading } from '@tilewright/store-posix/testing';
import { entry } from '../../world/entries.ts';
import { LOG_ID } from '../../world/log-key.ts';
import { MemoryFs } from '../memory-fs.ts';
import { ROOT } from '../recovery/small-log.ts';
import { damageWal, type WalStock } from './damage-wal.ts';
import { judgeHeader } from './judge-segment.ts';
import { entriesRead, sampleOf, type WalScene, type WalWork, walScenes } from './wal-scene.ts';

const BLOCK = 4096;
/** No segment is longer. */
const MOST = 1024 ** 3;

/** Why a write-ahead log can be refused: the sentence that says so, and a name for it. */
export const WAL_REFUSALS: readonly (readonly [name: string, message: RegExp])[] = [
  ['a damaged first block', /: its first block is damaged/],
  ["another log's segment", /: it belongs to another log/],
  ['another length than it was made with', /: it has \d+ bytes and was made with \d+/],
  ['longer than any segment', /: it has \d+ bytes, and no segment is made so long/],
  ['records that do not follow one another', /: it continues with entry \d+ where \d+ was to come/],
  ['a segment that starts over', /: it starts with entry \d+, and \d+ were before it/],
  ['entries missing before a segment', /: it starts with entry \d+, and those before it are missing/],
  ['a bad record before a valid one', /: a record is not valid, and a valid one follows at byte \d+/],
  ['a bad record before another segment', /: a record is not valid, and \S+ follows/],
  ['a bad record and nothing valid before it', /: a record is not valid, and none before it is left/],
  ['a bad record of what is integrated', /: a record is not valid: entry \d+ is one of \d+ integrated/],
  ['a bad record of an earlier opening', /: a record is not valid\. /],
  ['a later opening that knows more', /: it knows \d+ entries, \.state\/tree is older than it/],
  ['segments that do not reach the tree', /: the segments hold entries \d+ to \d+, the tree has \d+/],
  ['no segment of the opening', /has no segment of epoch \d+/],
  ['segments of the opening missing', /lacks segments of epoch \d+/],
];
const READINGS = [
  'read: whole',
  'read: a torn end',
  'read: less than was sequenced',
  'read: more than one opening',
  'read: copies of what is lost',
] as const;

/** All segments of a log together, as recovery reads them. */
export function walTarget(read: typeof readWal = readWal): FuzzTarget {
  return {
    name: 'wal',
    about: 'all segments of a log, as recovery reads them',
    perMillion: 1_000_000,
    reaches: [...READINGS, ...WAL_REFUSALS.map(([name]) => name)],
    async prepare() {
      const scenes = await walScenes();
      const segments = scenes.flatMap(({ files }) => [...files.values()]);
      const stock: WalStock = { scenes, samples: new Map(segments.map((bytes) => [bytes, sampleOf(bytes)])) };
      return {
        async run(random) {
          const scene = random.pick(scenes);
          if (random.chance(0.02)) return { ...(await judge(untouched(scene), scene, read)), kind: 'valid' };
          return judge(damageWal(random, scene, stock), scene, read);
        },
      };
    },
  };
}

function untouched({ files, from, epoch }: WalScene): WalWork {
  const copies = new Map([...files].map(([path, bytes]) => [path, { bytes }]));
  return { files: copies, from, epoch, forged: false, how: [] };
}

async function judge(work: WalWork, scene: WalScene, read: typeof readWal): Promise<FuzzOutcome> {
  const sizes = new Map([...work.files].map(([path, { bytes, size = 0 }]) => [path, Math.max(bytes.length, size)]));
  const caps = new Map([...work.files].map(([path, { bytes }]) => [path, mostOf(bytes, sizes.get(path) ?? 0)]));
  const fs = new MemoryFs(work.files, (path) => caps.get(path) ?? 0);
  const { how } = work;
  let reading: WalReading;
  try {
    reading = await read(fs, ROOT, LOG_ID, work.from, work.epoch);
  } catch (error) {
    fs.check();
    must(how.length > 0, () => `a whole log is refused: ${String(error)}`);
    return { kind: 'damaged', how, reached: [refusal(error, sizes)] };
  }
  fs.check();
  return { kind: 'damaged', how, reached: checkReading(reading, work, scene) };
}

/** What may be read of a segment: all of it when its first block says how long it is, else that block. */
function mostOf(bytes: Uint8Array, size: number): number {
  if (judgeHeader(bytes) !== 'valid') return BLOCK;
  const claimed = new DataView(bytes.buffer, bytes.byteOffset, bytes.length).getBigUint64(80);
  return claimed === BigInt(size) && size <= MOST ? size : BLOCK;
}

function refusal(error: unknown, sizes: ReadonlyMap<string, number>): string {
  if (!(error instanceof PosixError)) throw error;
  const { code, path, offset, message } = error;
  const found = WAL_REFUSALS.find(([, pattern]) => pattern.test(message));
  if (found === undefined) throw new BrokenRule(`refused for a reason that nobody listed: ${message}`);
  if (code === 'half-log') must(path === LAYOUT.wal, () => `'half-log' names ${path}`);
  else {
    must(code === 'corrupt', () => `refused with '${code}': ${message}`);
    const size = sizes.get(`${ROOT}/${path}`);
    must(size !== undefined, () => `the refusal names ${path}, which is not there`);
    must(offset !== undefined && offset >= 0 && offset <= size, () => `offset ${offset} of ${size} bytes of ${path}`);
  }
  return found[0];
}

function checkReading(reading: WalReading, work: WalWork, scene: WalScene): string[] {
  const { from } = work;
  const { next, epoch, nextEpoch, torn, kept, useless } = reading;
  must(next >= from, () => `${next} entries are sequenced, ${from} integrated`);
  let expected = from;
  for (const [index, bytes] of entriesRead(reading)) {
    must(index === expected, () => `entry ${index} comes where ${expected} was to come`);
    must(work.forged || equalBytes(bytes, entry(index).data), () => `nobody wrote the entry ${index} that was read`);
    expected += 1;
  }
  must(expected === next, () => `the last entry is ${expected - 1}, the next would be ${next}`);
  const paths = [...kept, ...useless].map(({ path }) => path);
  must(new Set(paths).size === paths.length, () => 'one segment is said to be two');
  must(
    paths.every((path) => work.files.has(`${ROOT}/${path}`)),
    () => 'a segment is said to be there that is not',
  );
  must(Number.isSafeInteger(nextEpoch) && nextEpoch > epoch, () => `opening ${nextEpoch} is to follow ${epoch}`);
  must(
    paths.every((path) => !path.endsWith(`/${nextEpoch}`)),
    () => 'the next opening was there already',
  );
  const size = work.files.get(`${ROOT}/${torn?.path}`)?.bytes.length ?? 0;
  must(torn === undefined || torn.offset < size, () => `a torn record at byte ${torn?.offset} of ${size}`);
  // What is published is integrated: nothing below the tree can be lost here, whatever happened to the segments.
  const lost = torn === undefined && next < scene.image.sequenced;
  const named = torn !== undefined ? READINGS[1] : lost ? READINGS[2] : READINGS[0];
  const openings = new Set(kept.map((segment) => segment.epoch));
  const more = openings.size > 1 ? [READINGS[3]] : [];
  return [named, ...more, ...([...openings].some((one) => one > epoch) ? [READINGS[4]] : [])];
}

import { encodeUtf8 } from '@tilewright/core/bytes';
import { drawInput, type FuzzOutcome, type FuzzRandom, type FuzzTarget, must, type Sample } from '@tilewright/fuzz';
import { hasCode } from '@tilewright/log';
import { LAYOUT, readFrozenMark } from '@tilewright/store-posix/testing';
import { MemoryFs } from '../memory-fs.ts';

const REACHES = ['no file', 'an older program', 'a time', 'refused', 'too long'] as const;

const ROOT = '/log';
const MOST = 32;
const TIMES = [0, 1, 1_787_296_857_123, Number.MAX_SAFE_INTEGER];
const WORDS = ['\n', '\r\n', '00', '-1', '+1', '1e3', '0x10', '9007199254740992\n', ' 1', '1 ', '\u0660', '\u0000'];

/** The mark of a frozen log, which says since when. Whatever is not a time is damage: a log is never thawed by it. */
export function frozenMarkTarget(read: typeof readFrozenMark = readFrozenMark): FuzzTarget {
  return {
    name: 'frozen-mark',
    about: 'since when a log takes nothing more',
    perMillion: 1_000_000,
    reaches: REACHES,
    prepare() {
      const samples: Sample[] = TIMES.map((time) => ({
        bytes: encodeUtf8(`${time}\n`),
        fields: [],
        busy: [],
        words: WORDS.map((word) => new TextEncoder().encode(word)),
      }));
      return { run: (random) => runMark(random, samples, read) };
    },
  };
}

async function runMark(
  random: FuzzRandom,
  samples: readonly Sample[],
  read: typeof readFrozenMark,
): Promise<FuzzOutcome> {
  const { bytes, kind, how } = drawInput(random, { samples, unit: 4 });
  const fs = new MemoryFs(new Map(), () => MOST + 1);
  const missing = random.chance(0.01);
  const long = random.chance(0.01);
  const size = long ? { size: random.pick([MOST + 1, 2 ** 40]) } : {};
  if (!missing) fs.files.set(`${ROOT}/${LAYOUT.frozen}`, { bytes, ...size });
  const expected = missing ? undefined : long ? Number.NaN : timeIn(bytes);
  try {
    const time = await read(fs, ROOT);
    fs.check();
    must(Object.is(time, expected), () => `${JSON.stringify([...bytes])} is read as ${time}, and is ${expected}`);
    const reached = missing ? REACHES[0] : bytes.length === 0 ? REACHES[1] : REACHES[2];
    return { kind: missing ? 'damaged' : kind, how, reached: [reached] };
  } catch (error) {
    fs.check();
    if (!hasCode(error, 'corrupt')) throw error;
    must(error.path === LAYOUT.frozen, () => `refused, and ${error.path} is named`);
    must(Number.isNaN(expected), () => `the time ${expected} is refused: ${error.message}`);
    return { kind: 'damaged', how, reached: [long ? REACHES[4] : REACHES[3]] };
  }
}

/** The time that a mark holds; 0 for the empty one of an older program, and no number for damage. */
function timeIn(bytes: Uint8Array): number {
  if (bytes.length === 0) return 0;
  const text = Buffer.from(bytes).toString('latin1');
  const time = Number(text);
  return Number.isSafeInteger(time) && time >= 0 && `${time}\n` === text ? time : Number.NaN;
}

import { encodeUtf8 } from '@tilewright/core/bytes';
import { drawInput, type FuzzOutcome, type FuzzRandom, type FuzzTarget, must, type Sample } from '@tilewright/fuzz';
import { describeOwner, LAYOUT } from '@tilewright/store-posix/testing';
import { MemoryFs } from '../memory-fs.ts';
import { parseText } from './parse-text.ts';

const REACHES = ['no file', 'too long', 'no JSON', 'no process', 'no host', 'no time', 'a name'] as const;
type Verdict = (typeof REACHES)[number];

const ROOT = '/log';
const MOST = 4096;
const NOBODY = 'it left no name';
const WORDS = [
  '"pid":"4",',
  '"pid":-1,',
  '"pid":1e400,',
  '"pid":{"toString":1},',
  '"host":[[[[]]]],',
  '"host":"",',
  '"host":"\\u001b[2J",',
  '"started":null',
  '"started":"\\u0000"',
  '"started":"\\n',
  '\\ud800',
  '\u202e',
  'null',
  '[]',
  '{}',
];

/** The word that the holder of the lock left. It is put into a message for people, and is never worth more than that. */
export function ownerTarget(describe: typeof describeOwner = describeOwner): FuzzTarget {
  return {
    name: 'owner',
    about: 'who holds the lock, for a message',
    perMillion: 1_000_000,
    reaches: REACHES,
    prepare() {
      const hosts = ['web-1', 'host.example', 'x'.repeat(255), 'b\u00fccher.example'];
      const samples: Sample[] = hosts.map((host, at) => ({
        bytes: encodeUtf8(`${JSON.stringify({ pid: 7 ** at, host, started: '2026-01-02T03:04:05.678Z' })}\n`),
        fields: [],
        busy: [],
        words: WORDS.map((word) => new TextEncoder().encode(word)),
      }));
      return { run: (random) => runOwner(random, samples, describe) };
    },
  };
}

async function runOwner(
  random: FuzzRandom,
  samples: readonly Sample[],
  describe: typeof describeOwner,
): Promise<FuzzOutcome> {
  const { bytes, kind, how } = drawInput(random, { samples, unit: 16 });
  const fs = new MemoryFs(new Map(), () => MOST + 1);
  const missing = random.chance(0.01);
  const long = random.chance(0.01);
  const size = long ? { size: random.pick([MOST + 1, 2 ** 40]) } : {};
  if (!missing) fs.files.set(`${ROOT}/${LAYOUT.owner}`, { bytes, ...size });
  const phrase = await describe(fs, ROOT);
  fs.check();
  const verdict: Verdict = missing ? 'no file' : long || bytes.length > MOST ? 'too long' : judge(bytes);
  must((phrase !== NOBODY) === (verdict === 'a name'), () => `${verdict}, and it is told as ${JSON.stringify(phrase)}`);
  must(
    phrase.length <= 600 && !/[\p{C}\p{Zl}\p{Zp}]/u.test(phrase),
    () => `no phrase for a message: ${JSON.stringify(phrase)}`,
  );
  return { kind: missing || long ? 'damaged' : kind, how, reached: [verdict] };
}

function judge(bytes: Uint8Array): Verdict {
  const text = parseText(bytes);
  if (typeof text === 'string') return 'no JSON';
  const fields: { readonly pid?: unknown; readonly host?: unknown; readonly started?: unknown } = Object(text.value);
  if (!Number.isSafeInteger(fields.pid) || Number(fields.pid) < 0) return 'no process';
  if (!isWord(fields.host)) return 'no host';
  return isWord(fields.started) ? 'a name' : 'no time';
}

/** One to 255 characters that can be printed in a line. */
function isWord(value: unknown): boolean {
  if (typeof value !== 'string' || value === '' || [...value].length > 255) return false;
  return ![...value].some((character) => /[\p{C}\p{Zl}\p{Zp}]/u.test(character));
}

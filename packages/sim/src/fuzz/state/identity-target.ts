import { asHash, encodeHex, encodeUtf8, equalBytes, type Hash } from '@tilewright/core/bytes';
import { drawInput, type FuzzOutcome, FuzzRandom, type FuzzTarget, must, type Sample } from '@tilewright/fuzz';
import { type LogIdentity, PosixError, type StoredIdentity } from '@tilewright/store-posix';
import { encodeIdentity, LAYOUT, readIdentity, requireIdentity } from '@tilewright/store-posix/testing';
import { MemoryFs } from '../memory-fs.ts';
import { parseText } from './parse-text.ts';

const REACHES = [
  'no file',
  'too long',
  'not UTF-8',
  'not JSON',
  'no object',
  'a newer format',
  'another format',
  'no origin',
  'no time',
  'no log id',
  'no kind of entries',
  'another origin',
  'another key',
  'other entries',
  'the identity of this log',
] as const;
type Verdict = (typeof REACHES)[number];

const ROOT = '/log';
const MOST = 4096;
const WORDS = [
  '"format":2,',
  '"format":0',
  '"format":1.5',
  '"format":9007199254740993',
  '"format":-1',
  '"origin":null',
  '"origin":["a"],',
  '"logId":"',
  '"created":7',
  '"entries":"raw",',
  '"entries":"tiles",',
  '"entries":"",',
  '"entries":null,',
  '"__proto__":{"format":1},',
  'null',
  '[]',
  '{}',
  '\\u0000',
  '\\ud800',
  '\ufeff',
  ',',
  '}',
  'ABCDEF',
  ' ',
];

/** The file that says which log a directory belongs to. */
export function identityTarget(read: typeof readIdentity = readIdentity): FuzzTarget {
  return {
    name: 'identity',
    about: 'the file that says which log it is, and in which format',
    perMillion: 1_000_000,
    reaches: REACHES,
    prepare(seed) {
      const random = new FuzzRandom(seed, 'identity samples', 0);
      const logs: LogIdentity[] = [
        'a.example',
        'log.example/2026',
        'é.example/\u{1f512}',
        `long.example/${'x'.repeat(200)}`,
      ].map((origin, at) => ({
        origin,
        logId: asHash(random.bytes(32)),
        ...(at % 2 === 0 ? {} : { entries: at === 1 ? 'raw' : 'abcdefghijklmnop' }),
      }));
      const samples = new Map<Sample, LogIdentity>(
        logs.map((log) => [identitySample(encodeIdentity(log, random.int(2 ** 41))), log]),
      );
      return { run: (draws) => runIdentity(draws, samples, read) };
    },
  };
}

function identitySample(bytes: Uint8Array): Sample {
  return { bytes, fields: [], busy: [{ start: 0, end: 14 }], words: WORDS.map(encodeUtf8) };
}

async function runIdentity(
  random: FuzzRandom,
  samples: ReadonlyMap<Sample, LogIdentity>,
  read: typeof readIdentity,
): Promise<FuzzOutcome> {
  const { bytes, kind, how, sample } = drawInput(random, { samples: [...samples.keys()], unit: 32 });
  const wanted = samples.get(sample) ?? { origin: '', logId: new Uint8Array(32) as Hash };
  const path = `${ROOT}/${LAYOUT.format}`;
  const fs = new MemoryFs(new Map(), () => MOST + 1);
  const missing = random.chance(0.01);
  const long = random.chance(0.01);
  if (!missing) fs.files.set(path, { bytes, ...(long ? { size: random.pick([MOST + 1, 2 ** 40]) } : {}) });
  const verdict: Verdict = missing ? REACHES[0] : long || bytes.length > MOST ? REACHES[1] : judge(bytes, wanted);
  const accepted = verdict === 'the identity of this log';
  try {
    const stored = await read(fs, ROOT);
    requireIdentity(stored, wanted);
    must(accepted, () => `taken for the identity of this log, is: ${verdict}`);
    must(isOf(stored, wanted), () => 'it says what does not stand there');
  } catch (error) {
    if (!(error instanceof PosixError)) throw error;
    fs.check();
    must(!accepted, () => `the identity of this log is refused: ${error.message}`);
    must(error.path === LAYOUT.format, () => `the refusal names ${error.path}`);
    must(error.code === codeOf(verdict), () => `${verdict}, and the refusal is '${error.code}'`);
  }
  fs.check();
  return { kind: missing || long ? 'damaged' : kind, how, reached: [verdict] };
}

function isOf(stored: StoredIdentity, wanted: LogIdentity): boolean {
  const ofLog = stored.origin === wanted.origin && equalBytes(stored.logId, wanted.logId);
  return stored.format === 1 && ofLog && stored.entries === wanted.entries;
}

function codeOf(verdict: Verdict): string {
  if (verdict === 'a newer format') return 'format-newer';
  const others: readonly Verdict[] = ['another origin', 'another key', 'other entries'];
  return others.includes(verdict) ? 'identity-mismatch' : 'corrupt';
}

/** What the bytes say, field by field, from the description of the format. */
function judge(bytes: Uint8Array, wanted: LogIdentity): Verdict {
  const text = parseText(bytes);
  if (text === 'not UTF-8' || text === 'not JSON') return text;
  const { value } = text;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'no object';
  const field = (name: string): unknown => Object.getOwnPropertyDescriptor(value, name)?.value;
  const format = field('format');
  if (Number.isSafeInteger(format) && Number(format) > 1) return 'a newer format';
  if (format !== 1) return 'another format';
  if (typeof field('origin') !== 'string') return 'no origin';
  if (typeof field('created') !== 'string') return 'no time';
  const logId = field('logId');
  if (typeof logId !== 'string' || !/^(?:[0-9a-f]{2}){32}$/.test(logId)) return 'no log id';
  const entries = field('entries');
  const isWord = typeof entries === 'string' && /^[a-z]+$/.test(entries) && entries.length <= 16;
  if (entries !== undefined && !isWord) return 'no kind of entries';
  if (field('origin') !== wanted.origin) return 'another origin';
  if (logId !== encodeHex(wanted.logId)) return 'another key';
  return entries === wanted.entries ? 'the identity of this log' : 'other entries';
}

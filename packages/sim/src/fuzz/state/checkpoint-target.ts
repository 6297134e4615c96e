import { asHash, asTreeSize, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { type Checkpoint, formatCheckpoint } from '@tilewright/core/checkpoint';
import { formatSignatureLine } from '@tilewright/core/note';
import { drawInput, type FuzzOutcome, FuzzRandom, type FuzzTarget, must, type Sample } from '@tilewright/fuzz';
import { LogError } from '@tilewright/log';
import { checkpointOf, LAYOUT, readStoredCheckpoint } from '@tilewright/store-posix/testing';
import { MemoryFs } from '../memory-fs.ts';
import { judgeNote, NOTE_VERDICTS, type NoteVerdict } from './judge-note.ts';

const ROOT = '/log';
const MOST = 1_048_576;
const WORDS = [
  '\n',
  '\n\n',
  '\u2014 ',
  ' ',
  '+',
  '=',
  '0',
  '00',
  '-1',
  '9007199254740991',
  '9007199254740992',
  '9223372036854775807',
  '9223372036854775808',
  '\u00a0',
  '\ufeff',
  '\r',
  '\u2014 a AAAAAAA=\n',
  '\u2014 a AAAAAA==\n',
  'x'.repeat(256),
  'z'.repeat(400),
];

/** How the checkpoint is read and understood. */
export interface CheckpointReader {
  readonly read: typeof readStoredCheckpoint;
  readonly parse: typeof checkpointOf;
}

/** The file `checkpoint` as the driver reads it; whose signature it bears is the engine's business. */
export function checkpointTarget(
  reader: CheckpointReader = { read: readStoredCheckpoint, parse: checkpointOf },
): FuzzTarget {
  return {
    name: 'checkpoint',
    about: 'the checkpoint as it is stored',
    perMillion: 1_000_000,
    reaches: ['no file', ...NOTE_VERDICTS],
    prepare(seed) {
      const random = new FuzzRandom(seed, 'checkpoint samples', 0);
      const drawLines = (): string[] => Array.from({ length: random.int(3) }, (_, at) => `extension ${at}`);
      const samples = Array.from({ length: 15 }, () => drawNote(random, drawLines(), 1 + random.int(3)));
      // As many signatures as there may be; as long a text, but for some bytes.
      const large = [drawNote(random, [], 100), drawNote(random, ['e'.repeat(65_200), 'f'], 1)];
      return {
        run: (draws) => runCheckpoint(draws, draws.chance(0.01) ? large : samples, reader),
      };
    },
  };
}

/** A checkpoint with these extension lines and so many signatures. */
function drawNote(random: FuzzRandom, extensions: readonly string[], signatures: number): Sample {
  const origin = random.pick(['a.example', 'log.example/2026', '\u00e9.example', 'y'.repeat(240)]);
  const text = formatCheckpoint({
    origin,
    size: asTreeSize(random.int(random.pick([1, 300, 2 ** 53]))),
    root: asHash(random.bytes(32)),
    extensions,
  });
  const lines = Array.from({ length: signatures }, (_, at) =>
    formatSignatureLine(`key-${at}.example`, random.int(2 ** 32), random.bytes(random.pick([1, 64, 71]))),
  );
  const bytes = encodeUtf8(`${new TextDecoder().decode(text)}\n${lines.join('')}`);
  const busy = [{ start: 0, end: text.length + 40 }];
  return { bytes, fields: [], busy, words: WORDS.map((word) => encodeUtf8(word)) };
}

async function runCheckpoint(
  random: FuzzRandom,
  samples: readonly Sample[],
  { read, parse }: CheckpointReader,
): Promise<FuzzOutcome> {
  const { bytes, kind, how } = drawInput(random, { samples, unit: 16 });
  const fs = new MemoryFs(new Map(), () => MOST + 1);
  const missing = random.chance(0.005);
  const long = random.chance(0.0005);
  const size = long ? { size: random.pick([MOST + 1, 2 ** 40]) } : {};
  if (!missing) fs.files.set(`${ROOT}/${LAYOUT.checkpoint}`, { bytes, ...size });
  const stored = await read(fs, ROOT);
  fs.check();
  if (missing || stored === undefined) {
    must(missing && stored === undefined, () => 'a file that is there is said to be missing, or the other way round');
    return { kind: 'damaged', how, reached: ['no file'] };
  }
  const verdict: NoteVerdict = long ? 'too long' : judgeNote(bytes);
  const checkpoint = parsed(stored.note, parse, verdict);
  if (checkpoint !== undefined) {
    must(equalBytes(stored.note, bytes), () => 'other bytes were read than are there');
    const text = formatCheckpoint(checkpoint);
    must(equalBytes(text, bytes.subarray(0, text.length)), () => 'it says what does not stand there');
    must(bytes[text.length] === 10 && judgeNote(bytes) === 'a checkpoint', () => 'its text goes on behind its end');
  }
  return { kind: long ? 'damaged' : kind, how, reached: [verdict] };
}

function parsed(note: Uint8Array, parse: typeof checkpointOf, verdict: NoteVerdict): Checkpoint | undefined {
  try {
    const checkpoint = parse(note);
    must(verdict === 'a checkpoint', () => `taken for a checkpoint, is: ${verdict}`);
    return checkpoint;
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    must(verdict !== 'a checkpoint', () => `a checkpoint is refused: ${error.message}`);
    const { code, path } = error;
    must(code === 'corrupt' && path === LAYOUT.checkpoint, () => `the refusal is '${code}' and names ${path}`);
    return undefined;
  }
}

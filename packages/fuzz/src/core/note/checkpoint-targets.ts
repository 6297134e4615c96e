import { concatBytes, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { formatCheckpoint, openCheckpoint, parseCheckpoint } from '@tilewright/core/checkpoint';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import {
  drawCheckpoint,
  logSigner,
  logVerifier,
  NOTE_WORDS,
  noteOf,
  noteSample,
  noteSamples,
  ORIGINS,
  WITNESS,
  witnessVerifier,
} from '../kit/notes.ts';
import { refusal, without } from '../kit/refusal.ts';
import { textSample } from '../kit/samples.ts';
import { CHECKPOINT_REFUSALS, NOTE_REFUSALS, SIGNATURE_REFUSALS } from './refusals.ts';

const MOST = 65_536;
const LONG = 1_048_576;
const [ORIGIN = '', OTHER = ''] = ORIGINS;
const ROOT = `${'A'.repeat(43)}=`;

/** `parseCheckpoint`. */
export function checkpointTarget(decode: typeof parseCheckpoint = parseCheckpoint): FuzzTarget {
  const text = (extensions: string) => encodeUtf8(`a\n1\n${ROOT}\n${extensions}`);
  return decoderTarget({
    name: 'checkpoint',
    about: 'the text of checkpoints',
    accepts: ['a checkpoint'],
    refusals: CHECKPOINT_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: [
      refusing('extension lines', MOST, (size) => text('e\n'.repeat((size - 60) / 2)), decode),
      refusing('a long extension line', MOST, (size) => text(`${'e'.repeat(size - 60)}\n`), decode),
      refusing('empty lines', MOST, (size) => text('\n'.repeat(size - 60)), decode),
      refusing('a long origin', MOST, (size) => encodeUtf8(`${'a'.repeat(size - 60)}\n1\n${ROOT}\n`), decode),
      refusing(
        'a bad last byte',
        MOST,
        (size) => concatBytes(text('e'.repeat(size - 60)), Uint8Array.of(0xff)),
        decode,
      ),
    ],
    prepare: (random) => ({
      recipe: {
        samples: Array.from({ length: 40 }, () =>
          textSample(formatCheckpoint(drawCheckpoint(random, random.pick(ORIGINS))), NOTE_WORDS, {
            lines: true,
            longest: 4096,
          }),
        ),
        unit: 16,
      },
      decode(bytes) {
        must(equalBytes(formatCheckpoint(decode(bytes)), bytes), () => 'the checkpoint is written otherwise');
        return 'a checkpoint';
      },
    }),
  });
}

/** Texts that a log may sign, and that are no checkpoints, or none of this log. */
const SIGNED: readonly string[] = [
  `${OTHER}\n1\n${ROOT}\n`,
  `${'x'.repeat(256)}\n1\n${ROOT}\n`,
  `${ORIGIN}\n1\n${ROOT}\n\nx\n`,
  `${ORIGIN}\n01\n${ROOT}\n`,
  `${ORIGIN}\n${'1'.repeat(20)}\n${ROOT}\n`,
  `${ORIGIN}\n9223372036854775808\n${ROOT}\n`,
  `${ORIGIN}\n9007199254740992\n${ROOT}\n`,
  `${ORIGIN}\n1\n${ROOT.slice(1)}\n`,
  `${ORIGIN}\n1\n*${ROOT.slice(1)}\n`,
  `${ORIGIN}\n1\n${ROOT.replace('A=', 'B=')}\n`,
  `${ORIGIN}\n1\nAAAA\n`,
  `${ORIGIN}\n1\n`,
  `${ORIGIN}\n1\n${ROOT}\n${'x'.repeat(MOST)}\n`,
];

/** `openCheckpoint` with a log's key, on OpenSSL. */
export function openCheckpointTarget(open: typeof openCheckpoint = openCheckpoint): FuzzTarget {
  const verifier = logVerifier(ORIGIN);
  const witness = witnessVerifier(WITNESS);
  return decoderTarget({
    name: 'open-checkpoint',
    about: 'checkpoints in signed notes, verified',
    accepts: ['a checkpoint'],
    refusals: [
      // Before those of notes: both name lines, and signatures that are on line 3 follow no checkpoint.
      ...without(CHECKPOINT_REFUSALS, 'not UTF-8', 'too long'),
      ...NOTE_REFUSALS,
      ...without(SIGNATURE_REFUSALS, 'two keys of one name and id'),
      refusal('the checkpoint is too long', 'malformed', 'a checkpoint has at most 65536 bytes, this one has \\d+'),
      refusal('of another log', 'mismatch', 'the checkpoint is of "[^"]{1,255}", not of "log.example"'),
      refusal('no key of a log', 'unknown-key', 'a key of type 0x04 makes cosignatures: .* the key of a log'),
    ],
    acceptsValid: false,
    cap: { most: LONG, refusal: 'too long', decode: (bytes) => open(bytes, ORIGIN, verifier) },
    prepare: async (random) => {
      const good = await noteSamples(random, 40);
      const odd = SIGNED.map(async (text) => noteSample(await noteOf(random, encodeUtf8(text), [logSigner(ORIGIN)])));
      return {
        recipe: { samples: [...good, ...(await Promise.all(odd))], unit: 16 },
        decode(bytes, { dice }) {
          const { note, ...checkpoint } = open(bytes, ORIGIN, dice % 200 === 0 ? witness : verifier);
          const text = formatCheckpoint(checkpoint);
          must(equalBytes(text, bytes.subarray(0, text.length)), () => 'the checkpoint is written otherwise');
          must(note === bytes && checkpoint.origin === ORIGIN, () => 'of another note, or of another log');
          return 'a checkpoint';
        },
      };
    },
  });
}

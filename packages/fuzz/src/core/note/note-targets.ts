import { concatBytes, encodeUtf8, equalBytes } from '@tilewright/core/bytes';
import { formatCheckpoint } from '@tilewright/core/checkpoint';
import { formatNote, openNote, parseNote, parseSignatureLines } from '@tilewright/core/note';
import type { GrowthCase } from '../../growth/growth-case.ts';
import { must } from '../../run/broken-rule.ts';
import type { FuzzTarget } from '../../run/fuzz-target.ts';
import { decoderTarget } from '../kit/decoder-target.ts';
import { refusing } from '../kit/growth.ts';
import {
  drawCheckpoint,
  logSigner,
  logVerifier,
  noteOf,
  noteSample,
  noteSamples,
  ORIGINS,
  WITNESS,
  witnessVerifier,
} from '../kit/notes.ts';
import { NOTE_REFUSALS, SIGNATURE_LINES_REFUSALS, SIGNATURE_REFUSALS } from './refusals.ts';

const MOST = 1_048_576;
const LINE = '\u2014 a AAAAAAE=\n';

/** Bytes that repeat a text up to a size. */
function filled(text: string, size: number): Uint8Array {
  const bytes = encodeUtf8(text);
  return Uint8Array.from({ length: size }, (_, at) => bytes[at % bytes.length] ?? 0);
}

function noteGrowth(decode: (bytes: Uint8Array) => unknown): readonly GrowthCase[] {
  const behind = (end: string) => (size: number) =>
    concatBytes(filled('a', size - encodeUtf8(end).length), encodeUtf8(end));
  return [
    refusing('one long line of text', MOST, behind(`\n\n${LINE}`), decode),
    refusing('text of empty lines', MOST, (size) => concatBytes(filled('\n', size - 20), encodeUtf8(LINE)), decode),
    refusing(
      'text of short lines',
      MOST,
      (size) => concatBytes(filled('a\n', size - 20), encodeUtf8(`\n${LINE}`)),
      decode,
    ),
    refusing('signature lines alone', MOST, (size) => concatBytes(encodeUtf8('a\n\n'), filled(LINE, size)), decode),
    refusing(
      'a hundred long signatures',
      MOST,
      (size) => encodeUtf8(`a\n\n${`\u2014 a ${'AAAA'.repeat(Math.floor(size / 400) - 3)}AAE=\n`.repeat(100)}`),
      decode,
    ),
    refusing('a bad end after a long name', MOST, behind('\n\n\u2014 a AAAAA*E=\n'), decode),
    refusing(
      'a long signature line',
      MOST,
      (size) => encodeUtf8(`a\n\n\u2014 ${'a'.repeat(size - 30)} AAAAAAE=\n`),
      decode,
    ),
    refusing('a bad last byte', MOST, (size) => filled('a', size).fill(0xff, -1).fill(10, -1), decode),
  ];
}

/** `parseNote`. */
export function noteTarget(decode: typeof parseNote = parseNote): FuzzTarget {
  return decoderTarget({
    name: 'note',
    about: 'signed notes, unverified',
    accepts: ['a note'],
    refusals: NOTE_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: noteGrowth(decode),
    prepare: async (random) => {
      const text = formatCheckpoint(drawCheckpoint(random, 'a', 1));
      const many = noteSample(await noteOf(random, text, [logSigner('a')], 99));
      return {
        recipe: { samples: [...(await noteSamples(random, 40)), many], unit: 16 },
        decode(bytes) {
          const note = decode(bytes);
          must(equalBytes(formatNote(note), bytes), () => 'the note is written otherwise');
          must(note.signatures.length > 0 && note.text.at(-1) === 10, () => 'a part of the note is missing');
          return 'a note';
        },
      };
    },
  });
}

/** `parseSignatureLines`: what witnesses answer with. */
export function signatureLinesTarget(decode: typeof parseSignatureLines = parseSignatureLines): FuzzTarget {
  return decoderTarget({
    name: 'signature-lines',
    about: 'signature lines without a note',
    accepts: ['lines'],
    refusals: SIGNATURE_LINES_REFUSALS,
    cap: { most: MOST, refusal: 'too long', decode },
    growth: [
      refusing('lines', MOST, (size) => filled(LINE, size - (size % 16)), decode),
      refusing('one long line', MOST, (size) => encodeUtf8(`\u2014 a ${'AAAA'.repeat(size / 4 - 4)}*AE=\n`), decode),
      refusing('empty lines', MOST, (size) => filled('\n', size), decode),
    ],
    prepare: async (random) => {
      const samples = (await noteSamples(random, 30)).map(({ bytes }) =>
        noteSample(
          encodeUtf8(
            parseNote(bytes)
              .signatures.map(({ line }) => line)
              .join(''),
          ),
        ),
      );
      return {
        recipe: { samples, unit: 16 },
        decode(bytes) {
          const lines = decode(bytes);
          const text = encodeUtf8(lines.map(({ line }) => line).join(''));
          must(equalBytes(text, bytes), () => 'the lines are written otherwise');
          return 'lines';
        },
      };
    },
  });
}

/** `openNote` with the keys of logs and a witness, on OpenSSL. Whatever it opens was signed as it stands. */
export function openNoteTarget(open: typeof openNote = openNote): FuzzTarget {
  const verifiers = [...ORIGINS.slice(0, 2).map(logVerifier), witnessVerifier(WITNESS)];
  return decoderTarget({
    name: 'open-note',
    about: 'signed notes, verified',
    accepts: ['an opened note'],
    refusals: [...NOTE_REFUSALS, ...SIGNATURE_REFUSALS],
    acceptsValid: false,
    cap: { most: MOST, refusal: 'too long', decode: (bytes) => open(bytes, verifiers) },
    prepare: async (random) => {
      const samples = await noteSamples(random, 40);
      const texts = new Set(samples.map(({ bytes }) => Buffer.from(parseNote(bytes).text).toString('latin1')));
      return {
        recipe: { samples, unit: 16 },
        decode(bytes, { dice }) {
          const keys = dice % 100 === 0 ? [...verifiers, ...verifiers.slice(0, 1)] : verifiers;
          const { text, verified } = open(bytes, keys);
          must(texts.has(Buffer.from(text).toString('latin1')), () => 'nobody signed this text');
          must(verified.length > 0, () => 'opened without a signature');
          return 'an opened note';
        },
      };
    },
  });
}

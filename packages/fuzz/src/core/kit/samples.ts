import { encodeUtf8 } from '@tilewright/core/bytes';
import type { Field, Sample } from '../../mutate/sample.ts';

/** A sample of bytes that are no text, with the numbers in it. */
export function binarySample(bytes: Uint8Array, fields: readonly Field[] = []): Sample {
  return { bytes, fields, busy: [] };
}

/** A sample that is text; damage may put any of the words where they do not belong. */
export function textSample(text: string | Uint8Array, words: readonly string[], more: Partial<Sample> = {}): Sample {
  const bytes = typeof text === 'string' ? encodeUtf8(text) : text;
  return { bytes, fields: [], busy: [], words: wordsOf(words), ...more };
}

const known = new Map<readonly string[], readonly Uint8Array[]>();

/** One list of bytes for one list of words: samples are many. */
function wordsOf(words: readonly string[]): readonly Uint8Array[] {
  let bytes = known.get(words);
  if (bytes === undefined) {
    bytes = words.map((word) => encodeUtf8(word));
    known.set(words, bytes);
  }
  return bytes;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const LONE = '\ud800';

/** Bytes as a text, for decoders of text; of damaged ones, some get half a character, which no bytes have. */
export function textOf(bytes: Uint8Array, { kind }: { readonly kind: string }, dice: number): string {
  const text = decoder.decode(bytes);
  if (kind === 'valid' || dice % 50 !== 0) return text;
  const at = Math.floor(dice / 50) % (text.length + 1);
  return text.slice(0, at) + LONE + text.slice(at);
}

/** Words that mean something in most texts here. */
export const WORDS: readonly string[] = [
  '\n',
  '\n\n',
  '\u2014 ',
  ' ',
  '+',
  '=',
  '==',
  '*',
  '0',
  '00',
  '-1',
  '9007199254740991',
  '9007199254740992',
  '9223372036854775807',
  '9223372036854775808',
  '\u00a0',
  '\ufeff',
  '\ufffd',
  '\r',
  '\t',
  '\u007f',
  'A',
];

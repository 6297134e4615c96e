import { decodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';

/** A line that says something, split at spaces and tabs. */
export interface PolicyLine {
  /** From 1. */
  readonly number: number;
  /** At least one. A byte above 7F makes a word of its own kind: see {@link wordText}. */
  readonly words: readonly string[];
}

/** Bytes of a policy at most. */
export const MAX_POLICY_SIZE: number = 1024 * 1024;
const MAX_LINES = 10_000;
const PIECE = 4096;

/**
 * The lines of a policy that are not empty and no comment (tlog-policy, "Format"). Words keep their bytes, one a
 * character: names are compared byte by byte, whatever they mean.
 *
 * @throws CoreError `malformed`, naming the line.
 */
export function policyLines(bytes: Uint8Array): PolicyLine[] {
  if (bytes.length > MAX_POLICY_SIZE) {
    throw new CoreError('malformed', `a policy has at most ${MAX_POLICY_SIZE} bytes, this one has ${bytes.length}`);
  }
  const lines: PolicyLine[] = [];
  let number = 1;
  let words: string[] = [];
  let start = 0;
  const endWord = (end: number): void => {
    if (end > start) words.push(latin1(bytes.subarray(start, end)));
    start = end + 1;
  };
  const endLine = (end: number): void => {
    endWord(end);
    if (words.length > 0 && words[0]?.startsWith('#') !== true) lines.push({ number, words });
    if (number > MAX_LINES) throw new CoreError('malformed', `a policy has at most ${MAX_LINES} lines`);
    number += 1;
    words = [];
  };
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x0a) endLine(at);
    else if (byte === 0x20 || byte === 0x09) endWord(at);
    else if (byte < 0x20 || byte === 0x7f) throw malformedLine(number, 'a control character');
  }
  endLine(bytes.length);
  return lines;
}

/** A character for each byte, in pieces that a call takes as arguments. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  return text;
}

/** The text of a word, whose characters are bytes; bytes that are no UTF-8 stay as they are. */
export function wordText(word: string): string {
  try {
    return decodeUtf8(Uint8Array.from(word, (character) => character.charCodeAt(0)));
  } catch {
    return word;
  }
}

/** The error for a line of a policy. */
export function malformedLine(number: number, what: string, cause?: unknown): CoreError {
  return new CoreError('malformed', `line ${number} of the policy: ${what}`, { cause });
}

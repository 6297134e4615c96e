import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { parseDecimal } from '../bytes/decimal.ts';
import { asHash } from '../bytes/hash-value.ts';
import { equalBytes } from '../bytes/sequences.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import type { Tree } from '../merkle/tree.ts';

/** A tree head of a log (tlog-checkpoint). Nothing in it is trusted until the note around it was opened. */
export interface Checkpoint extends Tree {
  /** Name of the log: 1 … 255 bytes of UTF-8 without control characters. Not necessarily a URL, or a key name. */
  readonly origin: string;
  /** Further lines, each non-empty; in most logs there are none. */
  readonly extensions: readonly string[];
}

/** The longest origin in bytes; cosignatures write its length in one byte. */
const MAX_ORIGIN_SIZE = 255;
/** The text of a checkpoint is at most this many bytes; only extension lines can make it long. */
const MAX_TEXT_SIZE = 65_536;

/**
 * The checkpoint that the text of a note holds: origin, size, root, extension lines (tlog-checkpoint, "Format").
 *
 * @throws CoreError `malformed`; `size-unsupported` for a size above 2^53-1.
 */
export function parseCheckpoint(text: Uint8Array): Checkpoint {
  if (text.length > MAX_TEXT_SIZE) {
    throw new CoreError('malformed', `a checkpoint has at most ${MAX_TEXT_SIZE} bytes, this one has ${text.length}`);
  }
  const [origin, size, root, ...rest] = decodeUtf8(text).split('\n');
  const extensions = rest.slice(0, -1);
  if (origin === undefined || size === undefined || root === undefined || rest.at(-1) !== '') {
    throw new CoreError('malformed', 'a checkpoint has at least three lines: origin, size, root');
  }
  const checkpoint: Checkpoint = {
    origin,
    size: asTreeSize(parseDecimal(size)),
    root: asHash(decodeBase64(root)),
    extensions,
  };
  if (!equalBytes(formatCheckpoint(checkpoint), text)) {
    throw new CoreError('malformed', 'the checkpoint is not written as it must be');
  }
  return checkpoint;
}

/**
 * The text of a checkpoint, ready to be signed as a note (tlog-checkpoint, "Format").
 *
 * @throws CoreError `malformed` for an origin or extension line that cannot be written, `out-of-range` for the size.
 */
export function formatCheckpoint(checkpoint: Checkpoint): Uint8Array<ArrayBuffer> {
  const { origin, extensions } = checkpoint;
  const size = asTreeSize(checkpoint.size);
  const root = encodeBase64(asHash(checkpoint.root));
  if (![origin, ...extensions].every(isLine) || encodeUtf8(origin).length > MAX_ORIGIN_SIZE) {
    throw new CoreError(
      'malformed',
      `a checkpoint's origin (at most ${MAX_ORIGIN_SIZE} bytes) and extension lines are not empty and have no control characters`,
    );
  }
  return encodeUtf8(`${[origin, size, root, ...extensions].join('\n')}\n`);
}

function isLine(line: string): boolean {
  return line !== '' && ![...line].some((character) => character < ' ');
}

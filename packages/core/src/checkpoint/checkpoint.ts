import { encodeBase64 } from '../bytes/base64.ts';
import { asHash } from '../bytes/hash-value.ts';
import { asTreeSize } from '../bytes/tree-numbers.ts';
import { encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import type { Tree } from '../merkle/tree.ts';
import { EXTENSION_RULE, isLine, isOrigin, ORIGIN_RULE, parseCheckpointFields } from './checkpoint-fields.ts';

/** A tree head of a log (tlog-checkpoint). Nothing in it is trusted until the note around it was opened. */
export interface Checkpoint extends Tree {
  /** Name of the log: 1 … 255 bytes of UTF-8 without control characters. Not necessarily a URL, or a key name. */
  readonly origin: string;
  /** Further lines, each non-empty; in most logs there are none. */
  readonly extensions: readonly string[];
}

/**
 * The checkpoint that the text of a note holds: origin, size, root, extension lines (tlog-checkpoint, "Format"). At most
 * 64 KiB. There is one text for each checkpoint: what parses is what {@link formatCheckpoint} writes.
 *
 * @throws CoreError `malformed`; `size-unsupported` for a size above 2^53-1. The message names the line.
 */
export function parseCheckpoint(text: Uint8Array): Checkpoint {
  const { origin, size, root, extensions } = parseCheckpointFields(text);
  if (size > Number.MAX_SAFE_INTEGER) {
    throw new CoreError('size-unsupported', `line 2: ${size} is above 2^53-1, the largest size supported here`);
  }
  return { origin, size: asTreeSize(Number(size)), root, extensions };
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
  if (!isOrigin(origin)) throw new CoreError('malformed', ORIGIN_RULE);
  if (!extensions.every(isLine)) throw new CoreError('malformed', EXTENSION_RULE);
  return encodeUtf8(`${[origin, size, root, ...extensions].join('\n')}\n`);
}

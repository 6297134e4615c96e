import { decodeBase64 } from '../bytes/base64.ts';
import { parseDecimal64 } from '../bytes/decimal.ts';
import { asHash, type Hash } from '../bytes/hash-value.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { hasControl } from '../note/key-name.ts';
import { onLine } from '../on-line.ts';

/** The longest origin in bytes; cosignatures write its length in one byte. */
const MAX_ORIGIN_SIZE = 255;
/** The text of a checkpoint is at most this many bytes; only extension lines can make it long. */
const MAX_TEXT_SIZE = 65_536;

/** What origins have to be, for messages. */
export const ORIGIN_RULE: string = `an origin has 1 to ${MAX_ORIGIN_SIZE} bytes and no control characters`;
/** What extension lines have to be, for messages. */
export const EXTENSION_RULE = 'an extension line is not empty and has no control characters';

/** The lines of a checkpoint, its size as the format allows it. */
export interface CheckpointFields {
  readonly origin: string;
  /** 0 … 2^63-1. */
  readonly size: bigint;
  readonly root: Hash;
  readonly extensions: readonly string[];
}

/**
 * Reads the text of a checkpoint (tlog-checkpoint, "Format"). Signatures are over sizes that this package does not count
 * with, so that a verifier needs them all.
 *
 * @throws CoreError `malformed`; the message names the line.
 */
export function parseCheckpointFields(text: Uint8Array): CheckpointFields {
  if (text.length > MAX_TEXT_SIZE) {
    throw new CoreError('malformed', `a checkpoint has at most ${MAX_TEXT_SIZE} bytes, this one has ${text.length}`);
  }
  const lines = decodeUtf8(text).split('\n');
  const [origin, size, root] = lines;
  const extensions = lines.slice(3, -1);
  if (origin === undefined || size === undefined || root === undefined || lines.length < 4 || lines.at(-1) !== '') {
    throw new CoreError(
      'malformed',
      'a checkpoint has at least three lines, origin, size and root, and a last newline',
    );
  }
  const bad = extensions.findIndex((line) => !isLine(line));
  if (!isOrigin(origin)) throw new CoreError('malformed', `line 1: ${ORIGIN_RULE}`);
  if (bad >= 0) throw new CoreError('malformed', `line ${4 + bad}: ${EXTENSION_RULE}`);
  return {
    origin,
    size: onLine(2, () => parseDecimal64(size)),
    root: onLine(3, () => asHash(decodeBase64(root))),
    extensions,
  };
}

/** Whether a text can be the first line of a checkpoint. Spaces and plus signs are allowed. */
export function isOrigin(origin: string): boolean {
  return isLine(origin) && encodeUtf8(origin).length <= MAX_ORIGIN_SIZE;
}

/** Whether a text can be a line of a checkpoint. */
export function isLine(line: string): boolean {
  return line !== '' && line.isWellFormed() && !hasControl(line);
}

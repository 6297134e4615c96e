import { parseDecimal } from '../bytes/decimal.ts';
import { concatBytes } from '../bytes/sequences.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import type { NoteVerifier } from '../note/index.ts';
import { type OpenedNote, openNote, parseSignatureLines } from '../note/index.ts';

/** Content type of the size that a 409 carries. */
export const SIZE_CONTENT_TYPE = 'text/x.tlog.size';

const MAX_ANSWER_SIZE = 64 * 1024;
/** 19 digits and a newline. */
const MAX_SIZE_SIZE = 20;

/** Body of a 409: the size that was cosigned last (tlog-witness, "add-checkpoint"). */
export function formatLatestSize(size: TreeSize): Uint8Array<ArrayBuffer> {
  return encodeUtf8(`${asTreeSize(size)}\n`);
}

/**
 * The size in the body of a 409. It is not authenticated: whoever answers may say anything.
 *
 * @throws CoreError `malformed`, `size-unsupported`
 */
export function parseLatestSize(body: Uint8Array): TreeSize {
  if (body.length > MAX_SIZE_SIZE) throw new CoreError('malformed', `a size has at most ${MAX_SIZE_SIZE} bytes`);
  const text = decodeUtf8(body);
  if (!text.endsWith('\n')) throw new CoreError('malformed', 'the size has no newline behind it');
  return asTreeSize(parseDecimal(text.slice(0, -1)));
}

/**
 * The cosignatures in a witness's 200: its lines are appended to the checkpoint that was sent, and the whole is opened
 * with the witness's keys. Lines of other keys are left out.
 *
 * @throws CoreError `malformed`, `bad-signature`, and `unknown-key` when none is by one of `verifiers`.
 */
export function openCosignatures(
  checkpoint: Uint8Array,
  body: Uint8Array,
  verifiers: readonly NoteVerifier[],
): OpenedNote['verified'] {
  if (body.length > MAX_ANSWER_SIZE) {
    throw new CoreError('malformed', `an answer has at most ${MAX_ANSWER_SIZE} bytes, this one has ${body.length}`);
  }
  // Anything but such lines could end the text of the note later than the checkpoint ends.
  parseSignatureLines(body);
  return openNote(concatBytes(checkpoint, body), verifiers).verified;
}

import { decodeBase64, encodeBase64 } from '../bytes/base64.ts';
import { parseDecimal } from '../bytes/decimal.ts';
import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { onLine } from '../on-line.ts';

/** Content type of a mirror's 202 and 409. */
export const MIRROR_INFO_CONTENT_TYPE = 'text/x.tlog.mirror-info';

/** Where an upload goes on (tlog-mirror, "add-entries": 202 and 409). */
export interface MirrorInfo {
  /** The size to upload to. */
  readonly pending: TreeSize;
  /** The first entry that the mirror lacks. */
  readonly next: TreeSize;
  /** To be sent back: 0 … 65535 bytes, the most that an upload can carry. */
  readonly ticket: Uint8Array;
}

const MAX_SIZE = 128 * 1024;
const MAX_TICKET_SIZE = 65_535;
const TICKET_RULE = `a ticket has at most ${MAX_TICKET_SIZE} bytes`;

/**
 * The body of a 202 or 409.
 *
 * @throws CoreError `out-of-range` for a ticket of more than 65535 bytes.
 */
export function formatMirrorInfo({ pending, next, ticket }: MirrorInfo): Uint8Array<ArrayBuffer> {
  if (ticket.length > MAX_TICKET_SIZE) throw new CoreError('out-of-range', TICKET_RULE);
  return encodeUtf8(`${asTreeSize(pending)}\n${asTreeSize(next)}\n${encodeBase64(ticket)}\n`);
}

/**
 * Reads the body of a 202 or 409. Nothing in it is authenticated.
 *
 * @throws CoreError `malformed`, `size-unsupported`
 */
export function parseMirrorInfo(body: Uint8Array): MirrorInfo {
  if (body.length > MAX_SIZE)
    throw new CoreError('malformed', `an answer has at most ${MAX_SIZE} bytes, this one has ${body.length}`);
  const [pending, next, ticket, end, ...rest] = decodeUtf8(body).split('\n', 6);
  if (pending === undefined || next === undefined || ticket === undefined || end !== '' || rest.length > 0) {
    throw new CoreError('malformed', 'the answer is not three lines: a size, an index, a ticket');
  }
  return {
    pending: onLine(1, () => asTreeSize(parseDecimal(pending))),
    next: onLine(2, () => asTreeSize(parseDecimal(next))),
    ticket: onLine(3, () => ticketOf(ticket)),
  };
}

function ticketOf(text: string): Uint8Array {
  const ticket = decodeBase64(text);
  if (ticket.length > MAX_TICKET_SIZE) throw new CoreError('malformed', TICKET_RULE);
  return ticket;
}

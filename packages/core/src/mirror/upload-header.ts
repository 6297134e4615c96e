import { asTreeSize, type TreeSize } from '../bytes/tree-numbers.ts';
import { decodeUtf8, encodeUtf8 } from '../bytes/utf8.ts';
import { CoreError } from '../core-error.ts';
import { within } from '../on-line.ts';

/** What an upload of entries begins with (tlog-mirror, "add-entries"). */
export interface UploadHeader {
  /** The log's origin: 1 … 65535 bytes of UTF-8. */
  readonly origin: string;
  /** First index that is uploaded. */
  readonly start: TreeSize;
  /** Size of the pending checkpoint that the proofs lead to; at least `start`. */
  readonly end: TreeSize;
  /** Whatever the mirror said with its last answer; 0 … 65535 bytes. */
  readonly ticket: Uint8Array;
}

const LENGTH_SIZE = 2;
const INTEGER_SIZE = 8;
const MAX_LENGTH = 65_535;

/** A header and how many bytes it took: packages follow. */
export interface DecodedUploadHeader {
  readonly header: UploadHeader;
  readonly size: number;
}

/**
 * Reads the header at the beginning of `bytes`; `undefined` when more bytes are needed.
 *
 * @throws CoreError `malformed`, `size-unsupported` for numbers above 2^53-1.
 */
export function decodeUploadHeader(bytes: Uint8Array): DecodedUploadHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < LENGTH_SIZE) return undefined;
  const originEnd = LENGTH_SIZE + view.getUint16(0);
  const ticketAt = originEnd + 2 * INTEGER_SIZE + LENGTH_SIZE;
  if (bytes.length < ticketAt) return undefined;
  const size = ticketAt + view.getUint16(ticketAt - LENGTH_SIZE);
  if (originEnd === LENGTH_SIZE) throw new CoreError('malformed', 'the upload names no origin');
  const origin = within('the origin', () => decodeUtf8(bytes.subarray(LENGTH_SIZE, originEnd)));
  const start = readCount(view, originEnd);
  const end = readCount(view, originEnd + INTEGER_SIZE);
  if (start > end) throw new CoreError('malformed', `the upload goes from ${start} back to ${end}`);
  if (bytes.length < size) return undefined;
  return { header: { origin, start, end, ticket: bytes.slice(ticketAt, size) }, size };
}

/**
 * The bytes of a header.
 *
 * @throws CoreError `out-of-range`
 */
export function encodeUploadHeader({ origin, start, end, ticket }: UploadHeader): Uint8Array<ArrayBuffer> {
  const name = encodeUtf8(origin);
  if (name.length === 0 || name.length > MAX_LENGTH || ticket.length > MAX_LENGTH || start > end) {
    throw new CoreError(
      'out-of-range',
      `an origin has 1 to ${MAX_LENGTH} bytes, a ticket at most as many, and start ≤ end`,
    );
  }
  const ticketAt = LENGTH_SIZE + name.length + 2 * INTEGER_SIZE + LENGTH_SIZE;
  const bytes = new Uint8Array(ticketAt + ticket.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, name.length);
  bytes.set(name, LENGTH_SIZE);
  view.setBigUint64(LENGTH_SIZE + name.length, BigInt(asTreeSize(start)));
  view.setBigUint64(LENGTH_SIZE + name.length + INTEGER_SIZE, BigInt(asTreeSize(end)));
  view.setUint16(ticketAt - LENGTH_SIZE, ticket.length);
  bytes.set(ticket, ticketAt);
  return bytes;
}

function readCount(view: DataView, at: number): TreeSize {
  const value = view.getBigUint64(at);
  if (value > 0x7fff_ffff_ffff_ffffn) throw new CoreError('malformed', `the number at byte ${at} is above 2^63-1`);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new CoreError('size-unsupported', `the number at byte ${at} is above 2^53-1, the largest supported here`);
  }
  return asTreeSize(Number(value));
}

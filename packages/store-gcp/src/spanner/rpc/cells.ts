import type { protos } from '@google-cloud/spanner';
import { GcpError } from '../../gcp-error.ts';

/** A column's value as it travels. */
export type Cell = protos.google.protobuf.IValue;
/** The values of one row, in the order of the columns that were asked for. */
export type Row = readonly Cell[];

/** Stands for the time of the commit that writes it. */
export const COMMIT_TIME: Cell = { stringValue: 'spanner.commit_timestamp()' };
export const NULL: Cell = { nullValue: 'NULL_VALUE' };

const INTEGER = /^(?:0|-?[1-9][0-9]{0,15})$/;

export function intCell(value: number): Cell {
  if (!Number.isSafeInteger(value)) throw new RangeError('an INT64 is written from a safe integer');
  return { stringValue: String(value) };
}

export function textCell(value: string): Cell {
  return { stringValue: value };
}

export function bytesCell(bytes: Uint8Array): Cell {
  return { stringValue: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') };
}

export function isNull(cell: Cell | undefined): boolean {
  return cell === undefined || (typeof cell.stringValue !== 'string' && typeof cell.boolValue !== 'boolean');
}

/** A STRING. */
export function textOf(cell: Cell | undefined): string {
  if (typeof cell?.stringValue !== 'string') throw misread('STRING');
  return cell.stringValue;
}

/** An INT64, which travels as text: beyond 2^53 it is refused, never rounded. */
export function intOf(cell: Cell | undefined): number {
  const text = cell?.stringValue;
  if (typeof text !== 'string' || !INTEGER.test(text)) throw misread('INT64');
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw misread('INT64');
  return value;
}

/** BYTES, of exactly `length` where it is given. */
export function bytesOf(cell: Cell | undefined, length?: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Buffer.from(textOf(cell), 'base64'));
  if (length !== undefined && bytes.length !== length) throw misread('BYTES');
  return bytes;
}

/** A TIMESTAMP, in whole milliseconds since 1970; undefined for NULL. */
export function timeOf(cell: Cell | undefined): number | undefined {
  if (isNull(cell)) return undefined;
  const ms = Date.parse(textOf(cell));
  if (Number.isNaN(ms)) throw misread('TIMESTAMP');
  return ms;
}

/** A `Timestamp` message, in whole milliseconds since 1970. */
export function timestampMs(stamp: protos.google.protobuf.ITimestamp | null | undefined): number | undefined {
  if (stamp === null || stamp === undefined) return undefined;
  return Number(stamp.seconds ?? 0) * 1000 + Math.floor(Number(stamp.nanos ?? 0) / 1_000_000);
}

function misread(type: string): GcpError {
  return new GcpError(
    'failed',
    `a column of type ${type} holds something else: the tables are not those of this program`,
  );
}

import { CoreError, type CoreErrorCode } from '@tilewright/core/error';
import type { ReadObject } from '@tilewright/core/reader';
import { ClientError, type ClientErrorCode } from '../client-error.ts';
import type { TileSource } from '../source/tile-source.ts';

const CODES: Readonly<Record<CoreErrorCode, ClientErrorCode>> = {
  missing: 'missing',
  malformed: 'malformed',
  'size-unsupported': 'malformed',
  'out-of-range': 'out-of-range',
  mismatch: 'inconsistent',
  'proof-invalid': 'inconsistent',
  'unknown-key': 'untrusted',
  'bad-signature': 'untrusted',
};

/** A source as the readers of `core` take it. */
export function objectsOf(source: TileSource): ReadObject {
  return (path, signal) => source.read(path, signal);
}

/** An error of `core`'s readers as one of this package; any other as it is. */
export function fromCore(error: unknown): unknown {
  return error instanceof CoreError ? new ClientError(CODES[error.code], error.message, { cause: error }) : error;
}

/** What a reader of `core` returns, its errors as those of this package. */
export async function readByCore<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw fromCore(error);
  }
}

import { LogError } from '@tilewright/log';
import type { CrossingError } from './messages.ts';

/** Of what is no `LogError` so much crosses, in characters. */
const MAX_TEXT = 4096;

/** What an error says, as plain data: an `Error` that is cloned loses its class and its code. */
export function crossingError(error: unknown): CrossingError {
  if (error instanceof LogError) {
    const { code, message, reason, retryAfterMs } = error;
    return { code, message, reason, retryAfterMs };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: 'unexpected', message: text.slice(0, MAX_TEXT) };
}

/** The error again, on the other side. */
export function arrivedError({ code, message, reason, retryAfterMs }: CrossingError): Error {
  if (code === 'unexpected') return new Error(message);
  return new LogError(code, message, {
    ...(reason === undefined ? {} : { reason }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

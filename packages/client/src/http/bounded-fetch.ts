import { ClientError } from '../client-error.ts';
import { timeLimit } from './time-limit.ts';

/** The part of `fetch` that this package uses. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** Status codes that mean something to a reader of a log. */
export const HTTP_OK = 200;
/** See {@link HTTP_OK}. */
export const HTTP_NOT_FOUND = 404;

/**
 * Runs a request under a time limit and the caller's signal.
 * @throws ClientError `timeout`, `aborted`, `network`, or what `request` throws when that is a ClientError
 */
export async function withTimeout<T>(
  what: string,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  request: (within: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = timeLimit(what, timeoutMs, signal);
  try {
    return await request(limit.signal);
  } catch (cause) {
    const reason = limit.reason(cause);
    if (reason !== undefined) throw reason;
    if (cause instanceof ClientError) throw cause;
    throw new ClientError('network', `${what} could not be reached: ${reasonOf(cause)}`, { cause });
  } finally {
    limit.end();
  }
}

/**
 * The body of a response, at most `maxBytes` of it. Counting while it streams also bounds what a compressed body can
 * grow to.
 * @throws ClientError `too-large`
 */
export async function readBounded(response: Response, what: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    // Leaving the loop cancels the stream.
    if (length > maxBytes)
      throw new ClientError('too-large', `${what} is larger than the ${maxBytes} bytes it can have`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** `fetch` hides the reason in a chain of causes. */
function reasonOf(error: unknown): string {
  let deepest = error;
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause;
  if (!(deepest instanceof Error)) return 'unknown reason';
  const code = 'code' in deepest && typeof deepest.code === 'string' ? ` (${deepest.code})` : '';
  return `${deepest.message.slice(0, 200)}${code}`;
}

import type { IncomingMessage } from 'node:http';

/** Unread bodies up to this length keep the connection usable; a longer one ends it, as in Go's net/http. */
export const KEEPALIVE_UNREAD_BYTES: number = 256 * 1024;

/** A body that nobody wants is read up to this length, and for this long, so that its sender sees the answer. */
const PATIENCE_BYTES = 32 * 1024 * 1024;
const PATIENCE_MS = 2000;

/**
 * Reads and drops the body of a request that is answered without it, then calls `done` once: with false when the connection
 * can go on, with true when it must end. An answer sent into an incoming body would be lost when the connection closes.
 */
export function dropBody(request: IncomingMessage, done: (mustClose: boolean) => void): void {
  let bytes = 0;
  let isDone = false;
  const finish = (complete: boolean): void => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    done(!complete || bytes > KEEPALIVE_UNREAD_BYTES);
  };
  const timer = setTimeout(() => finish(false), PATIENCE_MS);
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > PATIENCE_BYTES) finish(false);
  });
  request.on('end', () => finish(true));
  request.on('error', () => finish(false));
}

import type { IncomingMessage } from 'node:http';

/** A body that is a little too long is read to its end, so that the connection can go on; of a longer one no more. */
const READ_FACTOR = 8;

/** What became of a request's body. */
export type Body =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  /** `isRead` says whether the connection can go on. */
  | { readonly kind: 'too-large'; readonly isRead: boolean };

/** Reads a body of at most `limit` bytes. Rejects when the client goes away. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Body> {
  const most = READ_FACTOR * limit;
  if (Number(request.headers['content-length'] ?? 0) > most) return { kind: 'too-large', isRead: false };
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (size <= most) return;
      request.off('data', take);
      resolve({ kind: 'too-large', isRead: false });
    };
    request.on('data', take);
    request.on('end', () => {
      resolve(size <= limit ? { kind: 'whole', bytes: Buffer.concat(chunks) } : { kind: 'too-large', isRead: true });
    });
    request.on('error', reject);
    request.on('close', () => reject(new Error('the client went away')));
  });
}

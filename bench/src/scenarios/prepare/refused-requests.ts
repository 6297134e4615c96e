import { badEntries } from '../../crash/load/bad-requests.ts';
import type { BadRequest } from '../settings.ts';

/** Larger ones are about limits of size, not about load. */
const MOST_BYTES = 16_384;

/** Every kind of bad request over HTTP that the project knows of, with its answer. */
export function refusedRequests(): BadRequest[] {
  return badEntries()
    .filter(({ transport, bytes }) => transport === 'http' && bytes.length <= MOST_BYTES)
    .map(({ kind, bytes, status }) => ({ name: kind, body: Buffer.from(bytes).toString('base64'), status }));
}

import { request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { Refused } from '../../hammer/refused.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 65_536;

/** As much of an answer as tells what kind of server gave it. */
export interface Asked {
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * Asks a server one thing: GET, or POST of a JSON body. Redirections are answers.
 * @throws Refused when there is no answer within 10 s
 */
export async function ask(url: string, body?: string): Promise<Asked> {
  try {
    return await exchange(url, body);
  } catch (cause) {
    throw new Refused(`${why(cause)} at ${new URL(url).origin}`, { cause });
  }
}

function exchange(url: string, body: string | undefined): Promise<Asked> {
  // Not `fetch`: it follows its own list of ports that it does not ask.
  const request = url.startsWith('https:') ? requestSecure : requestPlain;
  const method = body === undefined ? 'GET' : 'POST';
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(url, { method, headers, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const done = (): void => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).subarray(0, MOST_BYTES) });
        response.destroy();
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= MOST_BYTES) done();
      });
      response.once('end', done);
      response.once('error', reject);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function why(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer';
  if (error.name === 'AbortError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const code = 'code' in error ? String(error.code) : '';
  return code === 'ECONNREFUSED' ? 'nothing listens' : `no answer over HTTP (${code || error.message})`;
}

import { Refused } from '../../hammer/refused.ts';

const TIMEOUT_MS = 10_000;
const MOST_BYTES = 65_536;

/** As much of an answer as tells what kind of server gave it. */
export interface Asked {
  readonly status: number;
  readonly body: Uint8Array;
}

/**
 * Asks a server one thing; redirections are answers.
 * @throws Refused when there is no answer within 10 s
 */
export async function ask(url: string, body?: string): Promise<Asked> {
  try {
    const response = await fetch(url, {
      ...(body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': 'application/json' } }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await firstBytes(response) };
  } catch (cause) {
    throw new Refused(`${why(cause)} at ${new URL(url).origin}`, { cause });
  }
}

async function firstBytes(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= MOST_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_BYTES);
}

function why(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return `no answer within ${TIMEOUT_MS / 1000} s`;
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code === 'ECONNREFUSED' ? 'nothing listens' : `no answer over HTTP (${code || 'unknown'})`;
}

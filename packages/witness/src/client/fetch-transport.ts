import { concatBytes } from '@tilewright/core/bytes';
import { MAX_REPLY_SIZE, type WitnessReply, type WitnessTransport } from './transport.ts';

/** Requests by `fetch`, which keeps connections open between rounds (tlog-witness: both sides should). */
export function fetchTransport(userAgent: string): WitnessTransport {
  const call = async (url: string, init: RequestInit): Promise<WitnessReply> => {
    // A redirect would send the request where the policy does not.
    const response = await fetch(url, { ...init, redirect: 'error', headers: { 'User-Agent': userAgent } });
    const [contentType = ''] = (response.headers.get('Content-Type') ?? '').toLowerCase().split(';');
    return { status: response.status, contentType: contentType.trim(), body: await readCapped(response) };
  };
  return {
    post: (url, body, signal) => call(url, { method: 'POST', body: Uint8Array.from(body), signal }),
    get: (url, signal) => call(url, { method: 'GET', signal }),
  };
}

async function readCapped({ body }: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body ?? []) {
    length += part.length;
    // Leaving the loop ends the request.
    if (length > MAX_REPLY_SIZE) throw new Error(`the answer has more than ${MAX_REPLY_SIZE} bytes`);
    parts.push(part);
  }
  return concatBytes(...parts);
}

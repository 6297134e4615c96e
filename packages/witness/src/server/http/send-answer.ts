import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../answer.ts';

/** How long what a client still sends is thrown away after its answer, milliseconds. */
const LINGER_MS = 500;

/** Writes an answer; nothing that a witness says may be kept by a cache. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, contentType, body, headers } = answer;
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...headers,
  });
  if (headers?.Connection === 'close' && !request.complete) linger(request, response, body);
  else response.end(request.method === 'HEAD' ? undefined : body);
}

/** Closing a connection with unread bytes resets it, and the answer may be lost on its way with it. */
function linger(request: IncomingMessage, response: ServerResponse, body: Uint8Array): void {
  response.write(body);
  request.resume();
  const timer = setTimeout(() => response.end(), LINGER_MS);
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  request.once('end', end);
  response.once('close', end);
}

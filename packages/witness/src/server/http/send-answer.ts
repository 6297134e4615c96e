import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../answer.ts';

/** Writes an answer; nothing that a witness says may be kept by a cache. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, contentType, body, headers } = answer;
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

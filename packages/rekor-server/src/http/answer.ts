import type { IncomingMessage, ServerResponse } from 'node:http';
import { asciiJson } from '../encoding/ascii-json.ts';

/** An HTTP answer as a value. A string body MUST be ASCII. */
export interface Answer {
  readonly status: number;
  /** Left out for an empty body. */
  readonly contentType?: string | undefined;
  readonly body: string | Uint8Array;
  /** More headers, as name, value, name, value. */
  readonly headers?: readonly string[] | undefined;
  /** Length to name instead of the body's: an answer to HEAD has none. */
  readonly length?: number | undefined;
  /** Ends the connection after this answer. */
  readonly close?: boolean | undefined;
}

/**
 * Body of every error of the API: the JSON form of `google.rpc.Status`, spaced as rekor-tiles v2.3.0 spaces it, because the
 * length shows in answers to HEAD. `message` and `details` are JSON already.
 */
export function errorBody(grpcCode: number, messageJson: string, detailsJson = ''): string {
  return `{"code":${grpcCode}, "message":${messageJson}, "details":[${detailsJson}]}`;
}

function jsonError(status: number, grpcCode: number, message: string): Answer {
  return { status, contentType: 'application/json', body: errorBody(grpcCode, asciiJson(message)) };
}

/** What grpc-gateway answers about paths and methods. */
export const NOT_FOUND: Answer = jsonError(404, 5, 'Not Found');
/** A known path, another method: 501, not 405. */
export const METHOD_NOT_ALLOWED: Answer = jsonError(501, 12, 'Method Not Allowed');
/** A request target without a path. */
export const BAD_TARGET: Answer = jsonError(400, 3, 'Bad Request');
/** A request whose time was over when it came. */
export const DEADLINE_EXCEEDED: Answer = jsonError(504, 4, 'context deadline exceeded');
/** An exception that nobody foresaw. */
export const INTERNAL_ERROR: Answer = jsonError(500, 13, 'internal server error');

/** Bad request in JSON, with `message`. */
export function badRequest(message: string): Answer {
  return jsonError(400, 3, message);
}

/**
 * Sends `answer` with its length, and with the `Connection` header only where it says something: rekor-tiles names neither
 * keep-alive nor its time.
 */
export function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { body } = answer;
  const headers: string[] = [];
  if (answer.contentType !== undefined) headers.push('Content-Type', answer.contentType);
  if (answer.status !== 204) headers.push('Content-Length', String(answer.length ?? body.length));
  if (answer.headers !== undefined) headers.push(...answer.headers);
  const isOld = request.httpVersionMinor === 0;
  if (answer.close === true || !response.shouldKeepAlive) {
    response.shouldKeepAlive = false;
    if (!isOld) headers.push('Connection', 'close');
  } else if (isOld) {
    headers.push('Connection', 'keep-alive');
  }
  response.removeHeader('connection');
  response.writeHead(answer.status, headers);
  if (typeof body === 'string') response.end(body, 'latin1');
  else response.end(body);
}

import http from 'k6/http';
import { answerKind } from './answer-kind.ts';
import { type Request, record } from './measure.ts';

const PARAMS = { headers: { 'content-type': 'application/json' }, timeout: '30s' } as const;

/** Sends one request to write, and notes its answer. */
export function postEntry(
  url: string,
  body: string | ArrayBuffer,
  request: Request,
  expected: readonly number[],
): void {
  const response = http.post(`${url}/api/v2/log/entries`, body, PARAMS);
  record(request, answerKind(response), response.timings.duration, expected.includes(response.status));
}

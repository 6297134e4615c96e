import type { RefinedResponse, ResponseType } from 'k6/http';

/** k6's own codes of requests without an answer (its documentation, "Error codes"). */
const NO_ANSWER: Readonly<Record<number, string>> = {
  1050: 'no answer in time',
  1210: 'no connection',
  1211: 'no connection in time',
  1212: 'connection refused',
  1220: 'connection reset',
};

/** What came of an HTTP request, in two or three words; few enough to count each. */
export function answerKind({ status, error_code }: RefinedResponse<ResponseType | undefined>): string {
  if (status !== 0) return `HTTP ${status}`;
  return NO_ANSWER[error_code] ?? `no answer (k6 error ${error_code})`;
}

import { asciiJson } from '../../encoding/ascii-json.ts';
import type { CreatedEntry } from '../../service/create-entry.ts';
import type { EntryJson } from '../../service/entry-json.ts';
import { detailsJson } from '../../service/error-details.ts';
import type { ServiceError } from '../../service/service-error.ts';
import { STATUS } from '../../status.ts';
import { type Answer, errorBody } from '../answer.ts';

/** What the write route answers to an outcome of the service. */
export function writeAnswer(outcome: CreatedEntry | ServiceError, entries: EntryJson): Answer {
  if (outcome.ok) return { status: 201, contentType: 'application/json', body: entries.encode(outcome.entry) };
  const { http, grpc, plainText } = STATUS[outcome.code];
  if (plainText !== undefined) {
    return { status: http, contentType: 'text/plain; charset=utf-8', body: `${plainText}\n` };
  }
  const headers: string[] = [];
  if (outcome.index !== undefined) headers.push('X-Log-Index', String(outcome.index));
  if (outcome.retryAfterMs !== undefined) {
    headers.push('Retry-After', String(Math.max(1, Math.ceil(outcome.retryAfterMs / 1000))));
  }
  const body = errorBody(grpc, asciiJson(outcome.message), detailsJson(outcome, entries));
  return { status: http, contentType: 'application/json', body, headers };
}

import { toJson } from '@bufbuild/protobuf';
import { decodeUtf8 } from '@tilewright/core/bytes';
import { CoreError } from '@tilewright/core/error';
import { CreateEntryRequestSchema } from '@tilewright/rekor-proto';
import { type JsonObject, type JsonValue, parseStrictJson, TrustError } from '@tilewright/trust';
import { ClientError } from '../client-error.ts';
import { leafOf } from '../entry/expected-leaf.ts';
import { logEntryFromJson } from '../entry/log-entry-json.ts';
import { type ExpectedLeaf, type LogEntry, verifyLogEntry } from '../entry/verify-log-entry.ts';
import { type FetchFunction, readBounded, withTimeout } from '../http/bounded-fetch.ts';
import { requireHttpUrl } from '../source/http-tile-source.ts';
import { createEntryRequest, type Submission } from './submission.ts';
import { DEFAULT_SUBMIT_TIMEOUT_MS, retryWhileBusy, type SubmitOptions } from './submit-options.ts';
import { indexFromHeader, type SubmitResult, shownMessage } from './submit-result.ts';

/** A submission over HTTP. */
export interface SubmitHttpOptions extends SubmitOptions {
  /** The platform's `fetch`, or one with the same contract. */
  readonly fetch: FetchFunction;
}

const ENTRY_TYPE = 'type.googleapis.com/dev.sigstore.rekor.v1.TransparencyLogEntry';
/** An entry of 64 KiB in base64, a checkpoint of 1 MiB and room to spare. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/**
 * Submits a signature to a Rekor v2 log over HTTP: `POST <url>/api/v2/log/entries`. The answer is verified before it is
 * returned: the log's signature and origin, the inclusion proof, and that the leaf is the one that was sent.
 *
 * @param url base URL of the log
 * @throws ClientError `network`, `timeout`, `aborted`; `unsupported` for the URL or key kind; `untrusted`,
 *   `inconsistent`, `malformed`, `too-large` for an answer that does not hold
 */
export async function submitHttp(
  url: string,
  submission: Submission,
  options: SubmitHttpOptions,
): Promise<SubmitResult> {
  const endpoint = `${requireHttpUrl(url)}/api/v2/log/entries`;
  // Before the request: it says what is wrong with a signature that cannot be logged.
  const leaf = leafOf(submission);
  const body = JSON.stringify(toJson(CreateEntryRequestSchema, createEntryRequest(submission)));
  const timeoutMs = options.timeoutMs ?? DEFAULT_SUBMIT_TIMEOUT_MS;
  return retryWhileBusy(options, () =>
    withTimeout(endpoint, timeoutMs, options.signal, async (within) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      const response = await options.fetch(endpoint, {
        method: 'POST',
        headers,
        body,
        signal: within,
        redirect: 'error',
      });
      const answer = textOf(await readBounded(response, endpoint, MAX_ANSWER_BYTES));
      return resultOf(response, answer, options, leaf);
    }),
  );
}

function resultOf(response: Response, answer: string, options: SubmitOptions, leaf: ExpectedLeaf): SubmitResult {
  const code = response.status;
  const status = { protocol: 'http', code } as const;
  if (code === 201) return { kind: 'created', entry: verifiedEntry(parseJson(answer), options, leaf) };
  const { message, details } = errorOf(answer);
  if (code === 409) {
    const existing = details.find((detail) => detail['@type'] === ENTRY_TYPE);
    const entry = existing && verifiedEntry(withoutType(existing), options, leaf);
    const index = entry?.index ?? indexFromHeader(response.headers.get('x-log-index'));
    return { kind: 'exists', index, ...(entry && { entry }), message };
  }
  if (code === 503 || code === 429) {
    const seconds = response.headers.get('retry-after') ?? '';
    const retryAfterMs = /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
    return { kind: 'busy', status, message, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
  if (code === 405) return { kind: 'frozen', status, message };
  return { kind: code >= 400 && code < 500 ? 'refused' : 'failed', status, message };
}

function verifiedEntry(json: JsonValue, options: SubmitOptions, leaf: ExpectedLeaf): LogEntry {
  return verifyLogEntry(logEntryFromJson(json), options.log, leaf);
}

/** Errors come as `google.rpc.Status` in JSON; a frozen log and proxies answer with text. */
function errorOf(answer: string): { message: string; details: readonly JsonObject[] } {
  try {
    const status = parseJson(answer);
    if (isObject(status) && typeof status.message === 'string') {
      const details = Array.isArray(status.details) ? status.details.filter(isObject) : [];
      return { message: shownMessage(status.message), details };
    }
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
  }
  return { message: shownMessage(answer), details: [] };
}

function withoutType(detail: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(detail).filter(([key]) => key !== '@type'));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): JsonValue {
  try {
    return parseStrictJson(text);
  } catch (cause) {
    if (!(cause instanceof TrustError)) throw cause;
    throw new ClientError('malformed', `the answer is not JSON: ${cause.message}`, { cause });
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch (cause) {
    if (!(cause instanceof CoreError)) throw cause;
    throw new ClientError('malformed', 'the answer is not UTF-8', { cause });
  }
}

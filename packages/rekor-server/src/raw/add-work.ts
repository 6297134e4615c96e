import { leafHash } from '@tilewright/core/hash';
import { MAX_ENTRY_SIZE } from '@tilewright/core/tiles';
import { type Log, LogError } from '@tilewright/log';
import type { Answer } from '../http/answer.ts';
import type { BodyWork } from '../http/write/body-route.ts';
import type { WriteExchange } from '../http/write/write-exchange.ts';
import type { ServerLog } from '../logging/server-log.ts';
import type { ServiceErrorCode } from '../service/service-error.ts';
import { FROM_LOG_ERROR, failure, STATUS } from '../status.ts';

/** The part of a log that takes raw entries. */
export type RawLog = Pick<Log, 'expect' | 'sequence'>;

/** Target of raw entries, as in the personalities of Tessera. */
export const ADD_PATH = '/add';

/** What the raw write route needs. */
export interface AddWorkOptions {
  /** `undefined` serves a read-only log. */
  readonly log: RawLog | undefined;
  readonly serverLog: ServerLog;
}

const TEXT = 'text/plain; charset=utf-8';

function text(status: number, body: string, headers: readonly string[] = []): Answer {
  return { status, contentType: TEXT, body, headers };
}

function refusal(code: ServiceErrorCode, retryAfterMs?: number): Answer {
  const { message, retryAfterMs: pause } = failure(code, retryAfterMs);
  const { http, plainText } = STATUS[code];
  const headers = pause === undefined ? [] : ['Retry-After', String(Math.max(1, Math.ceil(pause / 1000)))];
  return text(http, `${plainText ?? message}\n`, headers);
}

/**
 * `POST /add`: the body is the entry, the answer its index in decimal digits, once it is durable (Tessera's personalities,
 * which its load generator and its integration test talk to).
 */
export class AddWork implements BodyWork {
  readonly path: string = ADD_PATH;
  readonly tooLarge: Answer = {
    ...text(413, `an entry has at most ${MAX_ENTRY_SIZE} bytes\n`),
    close: true,
  };
  readonly overloaded: Answer = refusal('overloaded');
  readonly timedOut: Answer = refusal('deadline-exceeded');
  readonly #options: AddWorkOptions;

  constructor(options: AddWorkOptions) {
    this.#options = options;
  }

  async answer(exchange: WriteExchange, body: Buffer): Promise<Answer> {
    const { log } = this.#options;
    if (exchange.dropped > 0) return this.tooLarge;
    if (log === undefined) return refusal('frozen');
    if (exchange.signal.aborted) return this.#refused(exchange, new LogError('aborted', 'too late'));
    // A copy: the chunk that it came in would be kept as long as the entry.
    const data = new Uint8Array(body);
    try {
      const { index } = await log.sequence({ data, leafHash: leafHash(data) }, { signal: exchange.signal });
      return text(200, String(index));
    } catch (error) {
      return this.#refused(exchange, error);
    }
  }

  #refused(exchange: WriteExchange, error: unknown): Answer {
    if (!(error instanceof LogError)) throw error;
    if (error.code === 'aborted') {
      return refusal(exchange.signal.reason === 'deadline-exceeded' ? 'deadline-exceeded' : 'canceled');
    }
    const code = FROM_LOG_ERROR[error.code];
    const level = STATUS[code].http === 500 ? 'error' : 'warn';
    const facts = { code: error.code, error: error.message, trace: exchange.traceId() };
    this.#options.serverLog[level]('entry not logged', facts);
    return refusal(code, error.retryAfterMs);
  }
}

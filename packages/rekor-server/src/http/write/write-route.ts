import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ByteBudget } from '../../byte-budget.ts';
import type { CallLog } from '../../logging/call-log.ts';
import type { ServerMetrics } from '../../metrics/server-metrics.ts';
import { countCreateEntry } from '../../service/count-call.ts';
import type { CreatedEntry, EntryService } from '../../service/create-entry.ts';
import type { EntryJson } from '../../service/entry-json.ts';
import type { ServiceError } from '../../service/service-error.ts';
import { failure, STATUS } from '../../status.ts';
import { type Answer, badRequest, INTERNAL_ERROR, send } from '../answer.ts';
import type { Exchange } from '../exchange.ts';
import { parseGrpcTimeout } from '../request/grpc-timeout.ts';
import type { RequestFacts } from '../request/request-facts.ts';
import { dropBody, KEEPALIVE_UNREAD_BYTES } from '../request/unread-body.ts';
import { Deadlines } from './deadlines.ts';
import { writeAnswer } from './write-answer.ts';
import { type ExchangeOwner, WriteExchange } from './write-exchange.ts';

/** Target of the one route that must be fast. */
export const WRITE_PATH = '/api/v2/log/entries';

/** What the write route needs. */
export interface WriteRouteOptions {
  readonly service: EntryService;
  readonly entries: EntryJson;
  readonly metrics: ServerMetrics;
  /** Longest request body, bytes. */
  readonly maxBodyBytes: number;
  /** Shared by all requests while their bodies come in; beyond it they are refused with 503. */
  readonly budget: ByteBudget;
  /** A request that is not answered by then gets 504. */
  readonly timeoutMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly callLog: CallLog | undefined;
  /** Gets exceptions that no answer foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** A body beyond the limit is read up to this many times the limit before the connection is given up. */
const PATIENCE = 4;

const TOO_LARGE: Answer = { ...badRequest('http: request body too large'), close: true };

const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Bytes of white space at the end. */
function trailingSpace(body: Buffer): number {
  let at = body.length;
  while (at > 0 && WHITE_SPACE.has(body.readUInt8(at - 1))) at -= 1;
  return body.length - at;
}

/**
 * `POST /api/v2/log/entries` on bare node:http. Each exchange ends exactly once: answered, or its client gone (counted as
 * 499). What one exchange does never touches another.
 */
export class WriteRoute implements ExchangeOwner {
  readonly #options: WriteRouteOptions;
  readonly #deadlines: Deadlines;

  constructor(options: WriteRouteOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(options.timeoutMs, options.nowMs);
  }

  /** Takes a request over. */
  handle(request: IncomingMessage, response: ServerResponse, facts: RequestFacts): Exchange {
    const exchange = new WriteExchange(request, response, facts, this.#options.nowMs(), this);
    this.#options.metrics.http.inFlight += 1;
    const limitMs = parseGrpcTimeout(facts.grpcTimeout);
    const fault = limitMs === 'bad' ? `invalid grpc-timeout: ${facts.grpcTimeout}` : facts.metadataFault;
    if (fault !== undefined) {
      this.#refuseUnread(exchange, badRequest(fault));
      return exchange;
    }
    this.#deadlines.add(exchange);
    if (typeof limitMs === 'number') exchange.limit(limitMs);
    request.on('data', (chunk: Buffer) => this.#received(exchange, chunk));
    request.on('end', () => this.#complete(exchange));
    return exchange;
  }

  /** Stops the timer that all requests share; requests under way go on. */
  close(): void {
    this.#deadlines.close();
  }

  #refuseUnread(exchange: WriteExchange, answer: Answer): void {
    dropBody(exchange.request, (close) => {
      if (!exchange.isDone) this.#answer(exchange, { ...answer, close });
    });
  }

  abandoned(exchange: WriteExchange): void {
    this.#end(exchange, STATUS.canceled.http);
    exchange.cancel();
  }

  stuck(exchange: WriteExchange): void {
    this.#answer(exchange, writeAnswer(failure('deadline-exceeded'), this.#options.entries));
  }

  #received(exchange: WriteExchange, chunk: Buffer): void {
    if (exchange.isDone) return;
    const { maxBodyBytes, budget, metrics, entries } = this.#options;
    const wanted = exchange.refusal === undefined ? maxBodyBytes - exchange.held : 0;
    const kept = chunk.subarray(0, wanted);
    exchange.dropped += chunk.length - kept.length;
    if (kept.length > 0 && budget.take(kept.length)) {
      exchange.keep(kept);
    } else if (kept.length > 0) {
      metrics.refused.increment('request-bytes');
      exchange.refusal = { ...writeAnswer(failure('overloaded'), entries), close: true };
      this.#release(exchange);
      exchange.takeBody();
    }
    if (exchange.dropped > PATIENCE * maxBodyBytes) this.#answer(exchange, exchange.refusal ?? TOO_LARGE);
  }

  #complete(exchange: WriteExchange): void {
    if (exchange.isDone) return;
    if (exchange.refusal !== undefined) {
      this.#answer(exchange, exchange.refusal);
      return;
    }
    const { service, callLog } = this.#options;
    this.#release(exchange);
    const body = exchange.takeBody();
    const isLong = exchange.dropped > 0 || body.length > KEEPALIVE_UNREAD_BYTES;
    const space = isLong ? trailingSpace(body) : 0;
    const isBlank = space === body.length;
    if (exchange.dropped > 0 && isBlank) {
      this.#answer(exchange, TOO_LARGE);
      return;
    }
    // Go reads no further than the first value, and gives up a connection with too much unread.
    const close = exchange.dropped > 0 || (space > KEEPALIVE_UNREAD_BYTES && !isBlank);
    callLog?.body('received', body, exchange.traceId());
    exchange.isAnswering = true;
    service
      .createEntry({ kind: 'json', body }, exchange)
      .then((outcome) => this.#decided(exchange, outcome, close))
      .catch((error: unknown) => this.#panicked(exchange, error));
  }

  #decided(exchange: WriteExchange, outcome: CreatedEntry | ServiceError, close: boolean): void {
    const { metrics, nowMs, callLog } = this.#options;
    const ms = nowMs() - exchange.startedAt;
    countCreateEntry(metrics, outcome, exchange.bodyBytes, ms / 1000);
    callLog?.finished(outcome.ok ? 0 : STATUS[outcome.code].grpc, ms, exchange.traceId());
    if (exchange.isDone) return;
    // The value did not end within the limit, whatever else is wrong with it.
    if (exchange.dropped > 0 && !outcome.ok && outcome.reason === 'malformed-request') {
      this.#answer(exchange, TOO_LARGE);
      return;
    }
    const answer = writeAnswer(outcome, this.#options.entries);
    callLog?.body('sent', answer.body, exchange.traceId());
    this.#answer(exchange, close ? { ...answer, close } : answer);
  }

  #panicked(exchange: WriteExchange, error: unknown): void {
    this.#options.onPanic(error);
    if (!exchange.isDone) this.#answer(exchange, INTERNAL_ERROR);
  }

  #answer(exchange: WriteExchange, answer: Answer): void {
    this.#end(exchange, answer.status);
    send(exchange.request, exchange.response, answer);
  }

  #end(exchange: WriteExchange, status: number): void {
    const { metrics, nowMs } = this.#options;
    this.#deadlines.remove(exchange);
    this.#release(exchange);
    exchange.finish();
    metrics.http.inFlight -= 1;
    metrics.http.observe(status, 'POST', (nowMs() - exchange.startedAt) / 1000, exchange.facts.size);
  }

  #release(exchange: WriteExchange): void {
    this.#options.budget.give(exchange.held);
    exchange.held = 0;
  }
}

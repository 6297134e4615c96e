import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ByteBudget } from '../byte-budget.ts';
import type { ServerMetrics } from '../metrics/server-metrics.ts';
import { countCreateEntry } from '../service/count-call.ts';
import type { CreatedEntry, EntryService } from '../service/create-entry.ts';
import type { EntryJson } from '../service/entry-json.ts';
import type { ServiceError } from '../service/service-error.ts';
import { failure, STATUS } from '../status.ts';
import type { Tap } from '../tap.ts';
import { type Answer, badRequest, INTERNAL_ERROR, plainText, send } from './answer.ts';
import { approximateSize } from './approximate-size.ts';
import { Deadlines } from './deadlines.ts';
import { parseGrpcTimeout } from './grpc-timeout.ts';
import { writeAnswer } from './write-answer.ts';
import { header, WriteExchange } from './write-exchange.ts';

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
  readonly tap?: Tap | undefined;
}

/** A body beyond the limit is read up to this many times the limit before the connection is given up. */
const PATIENCE = 4;

/**
 * `POST /api/v2/log/entries` on bare node:http. Each exchange ends exactly once: answered, or its client gone (counted as
 * 499). What one exchange does never touches another.
 */
export class WriteRoute {
  readonly #options: WriteRouteOptions;
  readonly #deadlines: Deadlines;

  constructor(options: WriteRouteOptions) {
    this.#options = options;
    this.#deadlines = new Deadlines(options.timeoutMs, options.nowMs);
  }

  /** Takes a request over. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const exchange = new WriteExchange(request, response, this.#options.nowMs());
    this.#options.metrics.http.inFlight += 1;
    response.on('close', () => this.#closed(exchange));
    if (request.httpVersionMinor > 0 && request.headers.host === undefined) {
      this.#answer(exchange, plainText(400, '400 Bad Request: missing required Host header'));
      return;
    }
    const timeout = header(request, 'grpc-timeout');
    const limitMs = parseGrpcTimeout(timeout);
    if (limitMs === 'bad') {
      this.#answer(exchange, badRequest(`invalid grpc-timeout: ${timeout}`));
      return;
    }
    this.#deadlines.add(exchange);
    if (limitMs !== undefined) exchange.limit(limitMs);
    request.on('data', (chunk: Buffer) => this.#received(exchange, chunk));
    request.on('end', () => this.#complete(exchange));
  }

  /** Stops the timer that all requests share; requests under way go on. */
  close(): void {
    this.#deadlines.close();
  }

  #received(exchange: WriteExchange, chunk: Buffer): void {
    if (exchange.done) return;
    const { maxBodyBytes, budget, metrics, entries } = this.#options;
    if (exchange.dropped > 0 || exchange.held + chunk.length > maxBodyBytes) {
      this.#drop(exchange, chunk);
    } else if (budget.take(chunk.length)) {
      exchange.keep(chunk);
    } else {
      metrics.refused.increment('request-bytes');
      this.#answer(exchange, { ...writeAnswer(failure('overloaded'), entries), close: true });
    }
  }

  /** Reads on for a while without keeping anything: a client that is still sending would not see an answer. */
  #drop(exchange: WriteExchange, chunk: Buffer): void {
    if (exchange.dropped === 0) {
      exchange.dropped = exchange.held;
      this.#release(exchange);
      exchange.takeBody();
    }
    exchange.dropped += chunk.length;
    if (exchange.dropped > PATIENCE * this.#options.maxBodyBytes) this.#answerTooLarge(exchange);
  }

  #answerTooLarge(exchange: WriteExchange): void {
    this.#answer(exchange, { ...badRequest('http: request body too large'), close: true });
  }

  #complete(exchange: WriteExchange): void {
    if (exchange.done) return;
    if (exchange.dropped > 0) {
      this.#answerTooLarge(exchange);
      return;
    }
    const { service, tap } = this.#options;
    this.#release(exchange);
    const body = exchange.takeBody();
    tap?.('received', body, exchange.traceId());
    void service.createEntry({ kind: 'json', body }, exchange).then((outcome) => this.#decided(exchange, outcome));
  }

  #decided(exchange: WriteExchange, outcome: CreatedEntry | ServiceError): void {
    const { metrics, nowMs } = this.#options;
    countCreateEntry(metrics, outcome, exchange.bodyBytes, (nowMs() - exchange.startedAt) / 1000);
    if (exchange.done) return;
    let answer: Answer;
    try {
      answer = writeAnswer(outcome, this.#options.entries);
    } catch {
      metrics.grpc.panics.value += 1;
      answer = INTERNAL_ERROR;
    }
    this.#options.tap?.('sent', answer.body, exchange.traceId());
    this.#answer(exchange, answer);
  }

  #answer(exchange: WriteExchange, answer: Answer): void {
    this.#end(exchange, answer.status);
    send(exchange.request, exchange.response, answer);
  }

  #closed(exchange: WriteExchange): void {
    if (exchange.done) return;
    this.#end(exchange, STATUS.canceled.http);
    exchange.cancel();
  }

  #end(exchange: WriteExchange, status: number): void {
    const { metrics, nowMs } = this.#options;
    this.#deadlines.remove(exchange);
    this.#release(exchange);
    exchange.finish();
    metrics.http.inFlight -= 1;
    const seconds = (nowMs() - exchange.startedAt) / 1000;
    metrics.http.observe(status, 'POST', seconds, approximateSize(exchange.request));
  }

  #release(exchange: WriteExchange): void {
    this.#options.budget.give(exchange.held);
    exchange.held = 0;
  }
}

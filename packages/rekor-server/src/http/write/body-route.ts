import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ByteBudget } from '../../byte-budget.ts';
import type { ServerMetrics } from '../../metrics/server-metrics.ts';
import { STATUS } from '../../status.ts';
import { type Answer, badRequest, INTERNAL_ERROR } from '../answer.ts';
import type { Exchange, Wire } from '../exchange.ts';
import { NodeWire } from '../node-wire.ts';
import { parseGrpcTimeout } from '../request/grpc-timeout.ts';
import type { RequestFacts } from '../request/request-facts.ts';
import { dropBody } from '../request/unread-body.ts';
import { Deadlines } from './deadlines.ts';
import { type ExchangeOwner, WriteExchange } from './write-exchange.ts';

/** What a route makes of the bodies that it gets. */
export interface BodyWork {
  /** The one path whose POST this is. */
  readonly path: string;
  /** A body beyond the limit. */
  readonly tooLarge: Answer;
  /** Too many bytes of other requests are held. */
  readonly overloaded: Answer;
  /** The time is long over, and no answer has come. */
  readonly timedOut: Answer;
  /** The answer to a request of which `body` is what was kept; a longer one has `exchange.dropped` > 0. */
  answer(exchange: WriteExchange, body: Buffer): Promise<Answer>;
}

/** What every route that takes bodies needs. */
export interface BodyRouteOptions {
  readonly work: BodyWork;
  readonly metrics: ServerMetrics;
  /** Longest request body, bytes. */
  readonly maxBodyBytes: number;
  /** Shared by all requests while their bodies come in; beyond it they are refused with 503. */
  readonly budget: ByteBudget;
  /** A request that is not answered by then gets 504. */
  readonly timeoutMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Gets exceptions that no answer foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** A body beyond the limit is read up to this many times the limit before the connection is given up. */
const PATIENCE = 4;

const MAX_PLAIN_BYTES = 64 * 1024;

/**
 * One POST route on bare node:http. Each exchange ends exactly once: answered, or its client gone (counted as 499). What
 * one exchange does never touches another.
 */
export class BodyRoute implements ExchangeOwner {
  readonly path: string;
  /** Bodies up to this length can go the short way: one read may well bring them. */
  readonly maxPlainBytes: number;
  /** Bytes of bodies that come in. */
  readonly budget: ByteBudget;
  readonly #options: BodyRouteOptions;
  readonly #deadlines: Deadlines;

  constructor(options: BodyRouteOptions) {
    this.path = options.work.path;
    this.budget = options.budget;
    this.maxPlainBytes = Math.min(MAX_PLAIN_BYTES, options.maxBodyBytes, options.budget.limit);
    this.#options = options;
    this.#deadlines = new Deadlines(options.timeoutMs, options.nowMs);
  }

  /** Takes a request over. */
  handle(request: IncomingMessage, response: ServerResponse, facts: RequestFacts): Exchange {
    const exchange = this.#begin(new NodeWire(request, response), facts);
    const limitMs = parseGrpcTimeout(facts.grpcTimeout);
    const fault = limitMs === 'bad' ? `invalid grpc-timeout: ${facts.grpcTimeout}` : facts.metadataFault;
    if (fault !== undefined) {
      this.#refuseUnread(request, exchange, badRequest(fault));
      return exchange;
    }
    this.#deadlines.add(exchange);
    if (typeof limitMs === 'number') exchange.limit(limitMs);
    request.on('data', (chunk: Buffer) => this.#received(exchange, chunk));
    request.on('end', () => this.#complete(exchange));
    return exchange;
  }

  /** Takes over a request that is wholly there, with nothing in its headers that changes what it means. */
  handleWhole(wire: Wire, facts: RequestFacts, body: Buffer): Exchange {
    const exchange = this.#begin(wire, facts);
    this.#deadlines.add(exchange);
    exchange.bodyBytes = body.length;
    this.#work(exchange, body);
    return exchange;
  }

  /** Stops the timer that all requests share; requests under way go on. */
  close(): void {
    this.#deadlines.close();
  }

  #begin(wire: Wire, facts: RequestFacts): WriteExchange {
    this.#options.metrics.http.inFlight += 1;
    return new WriteExchange(wire, facts, this.#options.nowMs(), this);
  }

  #refuseUnread(request: IncomingMessage, exchange: WriteExchange, answer: Answer): void {
    dropBody(request, (close) => {
      if (!exchange.isDone) this.#answer(exchange, { ...answer, close });
    });
  }

  abandoned(exchange: WriteExchange): void {
    this.#end(exchange, STATUS.canceled.http);
    exchange.cancel();
  }

  stuck(exchange: WriteExchange): void {
    this.#answer(exchange, this.#options.work.timedOut);
  }

  #received(exchange: WriteExchange, chunk: Buffer): void {
    if (exchange.isDone) return;
    const { maxBodyBytes, budget, metrics, work } = this.#options;
    const wanted = exchange.refusal === undefined ? maxBodyBytes - exchange.held : 0;
    const kept = chunk.subarray(0, wanted);
    exchange.dropped += chunk.length - kept.length;
    if (kept.length > 0 && budget.take(kept.length)) {
      exchange.keep(kept);
    } else if (kept.length > 0) {
      metrics.refused.increment('request-bytes');
      exchange.refusal = { ...work.overloaded, close: true };
      this.#release(exchange);
      exchange.takeBody();
    }
    if (exchange.dropped > PATIENCE * maxBodyBytes) this.#answer(exchange, exchange.refusal ?? work.tooLarge);
  }

  #complete(exchange: WriteExchange): void {
    if (exchange.isDone) return;
    if (exchange.refusal !== undefined) {
      this.#answer(exchange, exchange.refusal);
      return;
    }
    this.#release(exchange);
    this.#work(exchange, exchange.takeBody());
  }

  #work(exchange: WriteExchange, body: Buffer): void {
    exchange.isAnswering = true;
    this.#options.work
      .answer(exchange, body)
      .then((answer) => {
        if (!exchange.isDone) this.#answer(exchange, answer);
      })
      .catch((error: unknown) => this.#panicked(exchange, error));
  }

  #panicked(exchange: WriteExchange, error: unknown): void {
    this.#options.onPanic(error);
    if (!exchange.isDone) this.#answer(exchange, INTERNAL_ERROR);
  }

  #answer(exchange: WriteExchange, answer: Answer): void {
    this.#end(exchange, answer.status);
    exchange.wire.send(answer);
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

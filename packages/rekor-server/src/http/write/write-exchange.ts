import { traceIdOf } from '../../logging/trace-id.ts';
import type { Call } from '../../service/create-entry.ts';
import { LeaveSignal } from '../../service/leave-signal.ts';
import type { Answer } from '../answer.ts';
import type { Exchange, Wire } from '../exchange.ts';
import type { RequestFacts } from '../request/request-facts.ts';
import type { Expiring } from './deadlines.ts';

/** A limit below this has passed before anything can be done. Milliseconds. */
const SHORTEST_LIMIT_MS = 1;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** An exchange whose time is over gets its answer from the service; when that is stuck, after this much longer. Milliseconds. */
const STUCK_MS = 2000;

/** Who answers for an exchange. */
export interface ExchangeOwner {
  /** The client is gone before it was answered. */
  abandoned(exchange: WriteExchange): void;
  /** The time is long over, and the service has not said so. */
  stuck(exchange: WriteExchange): void;
}

/** Whether a time limit has passed as soon as it is given. */
export function isOver(limitMs: number): boolean {
  return limitMs < SHORTEST_LIMIT_MS;
}

/** One write request from its headers to its answer. */
export class WriteExchange implements Call, Expiring, Exchange {
  readonly wire: Wire;
  readonly facts: RequestFacts;
  readonly startedAt: number;
  readonly signal: LeaveSignal = new LeaveSignal();
  /** Bytes of the body that are held in memory. */
  held = 0;
  /** Bytes that came beyond the limit, or after a refusal, and were dropped. */
  dropped = 0;
  /** What the request gets once its body is through, whatever is in it. */
  refusal: Answer | undefined;
  /** Length of the body that the service got. */
  bodyBytes = 0;
  /** The service has the request. */
  isAnswering = false;
  /** Answered, or nobody is there to answer. */
  isDone = false;
  readonly #owner: ExchangeOwner;
  #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #traceId: string | undefined;

  constructor(wire: Wire, facts: RequestFacts, startedAt: number, owner: ExchangeOwner) {
    this.wire = wire;
    this.facts = facts;
    this.startedAt = startedAt;
    this.#owner = owner;
  }

  traceId(): string {
    this.#traceId ??= traceIdOf(this.wire.header('traceparent'), this.wire.header('x-cloud-trace-context'));
    return this.#traceId;
  }

  closed(): void {
    if (!this.isDone) this.#owner.abandoned(this);
  }

  /** Lets the request expire after `ms`, besides the limit that all requests have. */
  limit(ms: number): void {
    if (isOver(ms)) this.expire();
    else this.#timer = setTimeout(() => this.expire(), Math.min(ms, LONGEST_TIMER_MS));
  }

  /** The service answers then, at once; a body that has not come yet is still awaited, because broken JSON is told first. */
  expire(): void {
    this.signal.leave('deadline-exceeded');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (!this.isDone && this.isAnswering) this.#owner.stuck(this);
    }, STUCK_MS).unref();
  }

  keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.held += chunk.length;
  }

  /** The body so far, given up by this exchange. */
  takeBody(): Buffer {
    const [only] = this.#chunks;
    const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#chunks = [];
    this.bodyBytes = body.length;
    return body;
  }

  /** Marks the end, and lets go of everything that is held for this request. */
  finish(): void {
    this.isDone = true;
    this.#chunks = [];
    clearTimeout(this.#timer);
  }

  /** The client is gone: whoever works for it may stop. */
  cancel(): void {
    this.signal.leave('canceled');
  }
}

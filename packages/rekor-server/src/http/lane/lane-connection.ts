import type { Socket } from 'node:net';
import type { ByteBudget } from '../../byte-budget.ts';
import type { Answer } from '../answer.ts';
import type { Exchange, Wire } from '../exchange.ts';
import { headerIn, type PlainHead, type PlainRequest, type PlainRoutes, readRequest } from './read-request.ts';
import { responseHead } from './write-response.ts';

/** What a connection is served by. */
export interface LaneService {
  readonly routes: PlainRoutes;
  /** Takes over a whole request; the answer comes by `wire`, later. */
  handle(wire: Wire, request: PlainRequest): Exchange;
  /** Bytes of requests that are not wholly there. */
  readonly budget: ByteBudget;
  /** Gives the connection to the full parser, with what it has sent and nobody has read. */
  giveUp(connection: LaneConnection, socket: Socket, unread: Buffer | undefined): void;
  ended(connection: LaneConnection): void;
  readonly isClosing: boolean;
  /** Monotonic milliseconds. */
  nowMs(): number;
}

/** A connection whose requests are all plain so far: one at a time, each answered before the next is looked at. */
export class LaneConnection implements Wire {
  readonly #socket: Socket;
  readonly #service: LaneService;
  #unread: Buffer | undefined;
  /** Bytes of `#unread` that the budget knows of. */
  #held = 0;
  /** Of the latest request. */
  #head: PlainHead | undefined;
  #exchange: Exchange | undefined;
  /** Since when it is in its {@link state}, answering aside: a byte now and then does not make it any younger. */
  since: number;

  constructor(socket: Socket, service: LaneService) {
    this.#socket = socket;
    this.#service = service;
    this.since = service.nowMs();
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.on('error', this.#onError);
    socket.on('close', this.#onClose);
  }

  /** What is being waited for: an answer, the rest of a request, the first request, or another one. */
  get state(): 'answering' | 'partial' | 'fresh' | 'idle' {
    if (this.#exchange !== undefined) return 'answering';
    if (this.#unread !== undefined) return 'partial';
    return this.#head === undefined ? 'fresh' : 'idle';
  }

  header(name: string): string | undefined {
    return headerIn(this.#head?.headers ?? '', name);
  }

  send(answer: Answer): void {
    const mustClose = answer.close === true || this.#service.isClosing;
    const head = responseHead(answer, mustClose);
    this.#exchange = undefined;
    this.since = this.#service.nowMs();
    const socket = this.#socket;
    if (typeof answer.body === 'string') {
      socket.write(head + answer.body, 'latin1');
    } else {
      socket.cork();
      socket.write(head, 'latin1');
      socket.write(answer.body);
      socket.uncork();
    }
    if (mustClose) socket.destroySoon();
    // A client that sends on without reading gets no further.
    else if (socket.writableNeedDrain) socket.once('drain', () => this.#goOn());
    else this.#goOn();
  }

  /** To the full parser, which has words and times for requests that are not plain or do not come. */
  giveUp(): void {
    const socket = this.#socket;
    const unread = this.#unread;
    this.#unread = undefined;
    this.#letGo();
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('error', this.#onError);
    socket.off('close', this.#onClose);
    this.#service.giveUp(this, socket, unread);
  }

  /** Cuts the connection off. */
  destroy(): void {
    this.#socket.destroy();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#unread === undefined) {
      this.since = this.#service.nowMs();
      this.#unread = chunk;
    } else {
      this.#unread = Buffer.concat([this.#unread, chunk]);
    }
    if (this.#exchange === undefined && !this.#socket.writableNeedDrain) {
      this.#next();
      return;
    }
    // Who sends ahead waits: what came with one read is enough to go on with.
    this.#socket.pause();
    if (!this.#hold()) this.#socket.destroy();
  };

  /** Who has closed its side is not waiting: node:http takes it the same way. */
  readonly #onEnd = (): void => {
    this.#abandon();
    this.#socket.destroySoon();
  };

  /** 'close' follows. */
  readonly #onError = (): void => undefined;

  readonly #onClose = (): void => {
    this.#letGo();
    this.#abandon();
    this.#service.ended(this);
  };

  #abandon(): void {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.closed();
  }

  #goOn(): void {
    if (this.#unread === undefined || this.#exchange !== undefined || this.#socket.destroyed) return;
    if (this.#socket.isPaused()) this.#socket.resume();
    this.#next();
  }

  #next(): void {
    const unread = this.#unread;
    if (unread === undefined) return;
    const request = readRequest(unread, this.#service.routes, this.#head);
    if (request === 'other' || (request === 'incomplete' && !this.#hold())) {
      this.giveUp();
      return;
    }
    if (request === 'incomplete') return;
    this.#letGo();
    this.#head = request.head;
    this.#unread = unread.length === request.length ? undefined : unread.subarray(request.length);
    this.#exchange = this.#service.handle(this, request);
  }

  /** Whether what is unread may be kept. */
  #hold(): boolean {
    const more = (this.#unread?.length ?? 0) - this.#held;
    if (!this.#service.budget.take(more)) return false;
    this.#held += more;
    return true;
  }

  #letGo(): void {
    this.#service.budget.give(this.#held);
    this.#held = 0;
  }
}

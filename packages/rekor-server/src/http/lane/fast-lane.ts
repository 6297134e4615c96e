import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { ByteBudget } from '../../byte-budget.ts';
import type { Exchange, Wire } from '../exchange.ts';
import { LaneConnection, type LaneService } from './lane-connection.ts';
import type { PlainRequest, PlainRoutes } from './read-request.ts';

/** What the lane needs. */
export interface FastLaneOptions {
  readonly routes: PlainRoutes;
  readonly handle: (wire: Wire, request: PlainRequest) => Exchange;
  /** Bytes of requests that are not wholly there, shared with the full parser's. */
  readonly budget: ByteBudget;
  /** For a connection between requests, milliseconds. */
  readonly idleMs: number;
  readonly nowMs: () => number;
  /** Gets exceptions that no answer foresees. */
  readonly onPanic: (error: unknown) => void;
}

/** A request that does not come, or not wholly, is given up after this: the full parser has its own times. Milliseconds. */
const PATIENCE_MS = 1000;

/**
 * The short way for the two kinds of request that come by the thousand: plain POSTs to the write route, and plain GETs of
 * the checkpoint and tiles, on connections without TLS. node:http makes two streams and a dozen closures for each, which is
 * half of the work of a raw entry. What is not plain, by its first byte or its hundredth request, goes to node:http with
 * every byte that came, and stays there: so it alone decides what odd requests mean.
 */
export class FastLane implements LaneService {
  readonly routes: PlainRoutes;
  readonly budget: ByteBudget;
  readonly #options: FastLaneOptions;
  readonly #toParser: (socket: Socket) => void;
  readonly #connections = new Set<LaneConnection>();
  readonly #sweeper: NodeJS.Timeout;
  isClosing = false;

  /** Stands before `server`'s own listener for connections, which nobody may have listened beside yet. */
  constructor(server: HttpServer, options: FastLaneOptions) {
    this.routes = options.routes;
    this.budget = options.budget;
    this.#options = options;
    const listeners = server.listeners('connection');
    server.removeAllListeners('connection');
    this.#toParser = (socket) => {
      for (const listener of listeners) listener.call(server, socket);
    };
    server.on('connection', (socket: Socket) => {
      if (this.isClosing) this.#toParser(socket);
      else this.#connections.add(new LaneConnection(socket, this));
    });
    this.#sweeper = setInterval(() => this.#sweep(), Math.min(PATIENCE_MS, options.idleMs) / 2).unref();
  }

  handle(wire: Wire, request: PlainRequest): Exchange {
    return this.#options.handle(wire, request);
  }

  giveUp(connection: LaneConnection, socket: Socket, unread: Buffer | undefined): void {
    this.#connections.delete(connection);
    try {
      this.#toParser(socket);
      // Its listener for data is there now, and nothing more has been read.
      if (unread !== undefined) socket.emit('data', unread);
    } catch (error) {
      this.#options.onPanic(error);
      socket.destroy();
    }
  }

  ended(connection: LaneConnection): void {
    this.#connections.delete(connection);
  }

  nowMs(): number {
    return this.#options.nowMs();
  }

  /** Ends connections without a request; those with one end behind its answer. */
  close(): void {
    this.isClosing = true;
    clearInterval(this.#sweeper);
    for (const connection of this.#connections) {
      if (connection.state === 'partial') connection.giveUp();
      else if (connection.state !== 'answering') connection.destroy();
    }
  }

  #sweep(): void {
    const now = this.nowMs();
    for (const connection of this.#connections) {
      const { state, since } = connection;
      if (state === 'idle' && now - since > this.#options.idleMs) connection.destroy();
      else if ((state === 'partial' || state === 'fresh') && now - since > PATIENCE_MS) connection.giveUp();
    }
  }
}

import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests of one connection that may be without an answer; who sends more without reading is cut off. */
const MOST_UNANSWERED = 128;

interface Connection {
  unanswered: number;
  latest: ServerResponse | undefined;
}

/**
 * The order of answers on each connection, for clients that send requests without waiting for answers. node:http hands over
 * every request that a read brings, and keeps all answers until they can be sent: one packet could ask for gigabytes.
 */
export class Pipelines {
  readonly #connections = new WeakMap<Duplex, Connection>();

  /** Whether the connection may ask for nothing more until it has read. */
  isFull(socket: Duplex): boolean {
    return (this.#connections.get(socket)?.unanswered ?? 0) >= MOST_UNANSWERED;
  }

  /** Takes a response in; the one before it, if that is not sent yet. The caller MUST say `leave` when the response closes. */
  enter(socket: Duplex, response: ServerResponse): ServerResponse | undefined {
    let connection = this.#connections.get(socket);
    if (connection === undefined) {
      connection = { unanswered: 0, latest: undefined };
      this.#connections.set(socket, connection);
    }
    const before = connection.latest;
    connection.latest = response;
    connection.unanswered += 1;
    return before;
  }

  /** The response is sent, or its connection is gone. */
  leave(socket: Duplex, response: ServerResponse): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    connection.unanswered -= 1;
    if (connection.latest === response) connection.latest = undefined;
  }
}

import type { Answer } from './answer-parser.ts';
import { Connection, type ConnectionLimits } from './connection.ts';
import type { Endpoint } from './endpoint.ts';

/** Connections that readers share: as many as are in use at one time. */
export class ConnectionPool {
  readonly endpoint: Endpoint;
  readonly #limits: ConnectionLimits;
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  #isEnded = false;

  constructor(endpoint: Endpoint, limits: ConnectionLimits) {
    this.endpoint = endpoint;
    this.#limits = limits;
  }

  /** A connection for one user alone, which ends with the pool. */
  connection(): Connection {
    const connection = new Connection(this.endpoint, this.#limits);
    this.#all.add(connection);
    if (this.#isEnded) connection.end();
    return connection;
  }

  /**
   * Sends a request on a free connection.
   * @throws ExchangeError
   */
  async exchange(request: Uint8Array): Promise<Answer> {
    const connection = this.#idle.pop() ?? this.connection();
    try {
      return await connection.exchange(request);
    } finally {
      this.#idle.push(connection);
    }
  }

  /** Closes all connections; exchanges under way fail. */
  end(): void {
    this.#isEnded = true;
    for (const connection of this.#all) connection.end();
  }
}

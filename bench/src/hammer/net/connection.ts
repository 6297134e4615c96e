import type { Socket } from 'node:net';
import { type Answer, AnswerParser } from './answer-parser.ts';
import { type Endpoint, openSocket } from './endpoint.ts';
import type { Gate } from './gate.ts';

/** How connections behave. */
export interface ConnectionLimits {
  /** Silence after which an exchange is given up, milliseconds. */
  readonly timeoutMs: number;
  /** Bytes of the largest body. */
  readonly maxBody: number;
  /** Bounds how many connections are being opened at a time: a listener's queue is short. */
  readonly opening: Gate;
}

/** An exchange that brought no answer. `kind` is short, for counting: `ECONNREFUSED`, `timeout`, `closed`. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly kind: string;

  constructor(kind: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One kept connection of HTTP/1.1: a request, its answer, the next request; opened again when it was closed. It takes
 * half the CPU of `node:http` (30 µs an exchange, not 65), so that thousands of writers fit into one thread beside the
 * server.
 */
export class Connection {
  readonly #endpoint: Endpoint;
  readonly #limits: ConnectionLimits;
  readonly #parser: AnswerParser;
  #socket: Socket | undefined;
  #waiting: Waiting | undefined;
  #isEnded = false;

  constructor(endpoint: Endpoint, limits: ConnectionLimits) {
    this.#endpoint = endpoint;
    this.#limits = limits;
    this.#parser = new AnswerParser(limits.maxBody);
  }

  /**
   * Sends a whole request and waits for its answer. One at a time.
   * @throws ExchangeError
   */
  async exchange(request: Uint8Array): Promise<Answer> {
    const socket = this.#socket ?? (await this.#open());
    return new Promise<Answer>((resolve, reject) => {
      if (this.#isEnded || this.#socket !== socket) return reject(new ExchangeError('closed', 'the connection ended'));
      this.#waiting = { resolve, reject };
      socket.setTimeout(this.#limits.timeoutMs);
      socket.write(request);
    });
  }

  /** Closes it for good; an exchange under way fails. */
  end(): void {
    this.#isEnded = true;
    this.#drop(new ExchangeError('closed', 'the run ended'));
  }

  #open(): Promise<Socket> {
    return this.#limits.opening.pass(
      () =>
        new Promise<Socket>((resolve, reject) => {
          if (this.#isEnded) return reject(new ExchangeError('closed', 'the run ended'));
          this.#waiting = { resolve: () => {}, reject };
          const socket = openSocket(this.#endpoint, () => {
            this.#waiting = undefined;
            resolve(socket);
          });
          this.#socket = socket;
          this.#listen(socket);
        }),
    );
  }

  #listen(socket: Socket): void {
    const { timeoutMs } = this.#limits;
    const isCurrent = (): boolean => this.#socket === socket;
    socket.setTimeout(timeoutMs);
    socket.on('data', (bytes: Buffer) => isCurrent() && this.#receive(bytes));
    socket.on('timeout', () => {
      if (isCurrent()) this.#drop(new ExchangeError('timeout', `no answer within ${timeoutMs} ms`));
    });
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      if (isCurrent()) this.#drop(new ExchangeError(cause.code ?? 'network', cause.message, { cause }));
    });
    socket.on('close', () => {
      if (!isCurrent()) return;
      const last = this.#parser.close();
      if (last !== undefined) this.#answer(last);
      else this.#drop(new ExchangeError('closed', 'the server closed the connection before an answer'));
    });
  }

  #receive(bytes: Buffer): void {
    try {
      if (this.#waiting === undefined) throw new Error('the server sent something that nobody asked for');
      const answer = this.#parser.push(bytes);
      if (answer !== undefined) this.#answer(answer);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      this.#drop(new ExchangeError('not HTTP', message, { cause }));
    }
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (!answer.keepsAlive) this.#drop(new ExchangeError('closed', 'the server closed the connection'));
    waiting?.resolve(answer);
  }

  #drop(error: ExchangeError): void {
    const [socket, waiting] = [this.#socket, this.#waiting];
    this.#socket = undefined;
    this.#waiting = undefined;
    this.#parser.reset();
    socket?.destroy();
    waiting?.reject(error);
  }
}

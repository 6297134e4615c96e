import { setTimeout as sleep } from 'node:timers/promises';
import { httpRequest } from '../../parity/exchange/http-request.ts';
import { grpcFrame } from '../../parity/exchange/protobuf.ts';
import type { EntryMaker } from '../../requests/entry-request.ts';
import type { ServerPorts } from '../../server/server-process.ts';
import { GrpcClient } from '../clients/grpc-client.ts';
import { openSocket } from '../clients/open-socket.ts';
import { freshEntry } from './fresh-entries.ts';

interface Silent {
  readonly name: string;
  /** Reads whatever has come; a connection that the server has ended is closed then. */
  readonly read: () => void;
  readonly end: () => void;
}

/** Reading what the buffers of a loopback connection hold. */
const READ_WITHIN_MS = 3_000;
/** Full bundles, more than all buffers hold, and no more than a connection may ask for without reading. */
const BUNDLES = 100;
const GET_BUNDLE = httpRequest({ method: 'GET', target: '/api/v2/tile/entries/000' }).bytes;

/** Connections whose client falls silent and stays: it is the server that must end them, by its timeouts. */
export class SilentConnections {
  readonly #open = new Set<Silent>();
  readonly #ports: ServerPorts;
  readonly #maker: EntryMaker;

  constructor(ports: ServerPorts, maker: EntryMaker) {
    this.#ports = ports;
    this.#maker = maker;
  }

  /** Connections that the server has not ended, as far as their clients know. */
  get count(): number {
    return this.#open.size;
  }

  /** Opens one of each kind. */
  async open(): Promise<void> {
    const { http, grpc } = this.#ports;
    const request = httpRequest({ body: Buffer.alloc(1000, ' ') }).bytes;
    await this.#socket('HTTP, before a word', http, Buffer.alloc(0));
    await this.#socket('HTTP, in the headers', http, request.subarray(0, 30));
    await this.#socket('HTTP, in the body', http, request.subarray(0, request.length - 10));
    await this.#socket('HTTP, after an answer', http, httpRequest({ method: 'GET', target: '/healthz' }).bytes);
    await this.#socket(
      'HTTP, in the answers',
      http,
      Buffer.concat(Array<Buffer>(BUNDLES).fill(Buffer.from(GET_BUNDLE))),
      false,
    );
    await this.#socket('gRPC, before a word', grpc, Buffer.alloc(0));
    await this.#socket('gRPC, in the preface', grpc, Buffer.from('PRI * HTTP/2.0\r\n'));
    this.#stream('gRPC, before a call', undefined);
    this.#stream('gRPC, before a message', Buffer.alloc(0));
    this.#stream('gRPC, in a message', grpcFrame(Buffer.alloc(1000)).subarray(0, 500));
    this.#stream('gRPC, before it lets an answer in', grpcFrame(freshEntry(this.#maker).wire), 0);
  }

  /**
   * Waits until the server has ended all of them, at most `ms`; the names of those that it has not. A client that does
   * not read cannot see its end: `areGone` says whether the server has none of them any more.
   */
  async untilEnded(ms: number, areGone: () => Promise<boolean>): Promise<string[]> {
    const until = performance.now() + ms;
    while (!(await areGone()) && performance.now() < until) await sleep(50);
    for (const { read } of this.#open) read();
    const readUntil = performance.now() + READ_WITHIN_MS;
    while (this.#open.size > 0 && performance.now() < readUntil) await sleep(50);
    const left = [...this.#open];
    for (const { end } of left) end();
    return left.map(({ name }) => name);
  }

  async #socket(name: string, port: number, bytes: Uint8Array, reads = true): Promise<void> {
    const socket = await openSocket(port);
    const silent = { name, read: () => void socket.resume(), end: () => void socket.destroy() };
    this.#open.add(silent);
    socket.on('close', () => this.#open.delete(silent));
    socket.on('end', () => socket.destroy());
    if (reads) socket.resume();
    socket.write(bytes);
  }

  #stream(name: string, data: Uint8Array | undefined, windowBytes?: number): void {
    const client = new GrpcClient(this.#ports.grpc, windowBytes);
    const silent = { name, read: () => undefined, end: () => client.destroy() };
    this.#open.add(silent);
    client.onClose(() => this.#open.delete(silent));
    if (data === undefined) return;
    const stream = client.open();
    stream.resume();
    if (data.length > 0) stream.write(data);
  }
}

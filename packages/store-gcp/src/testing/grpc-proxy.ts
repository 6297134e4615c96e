import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';

/** What a client is told instead of the truth. */
export type GrpcTrouble =
  /** This status of gRPC. */
  | { readonly status: number; readonly message?: string }
  /** Nothing: its connection is cut. */
  | 'reset'
  /** Nothing at all, until it gives up. */
  | 'silence';

/** One call goes wrong. */
export interface GrpcFault {
  /** The method, without its service: 'Commit'. */
  readonly method: string;
  /**
   * Before the server hears of the call, which it never does; when it has carried it out; or at once, while the call is held
   * up and reaches the server only when {@link GrpcProxy.letGo} says so, whether or not the client is still there.
   */
  readonly when: 'before' | 'after' | 'early';
  readonly trouble: GrpcTrouble;
  /** So many calls of the method go well first; 0 unless given. */
  readonly after?: number | undefined;
  /** So many calls go wrong; 1 unless given. */
  readonly times?: number | undefined;
}

/** An answer of the server, taken in whole. */
interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: readonly Buffer[];
  readonly trailers: IncomingHttpHeaders;
}

interface Planned {
  readonly fault: GrpcFault;
  skips: number;
  left: number;
}

/** Stands between a gRPC client and a server, both without TLS: counts calls, and lets those go wrong that are named. */
export class GrpcProxy {
  readonly #server: Http2Server;
  readonly #upstream: ClientHttp2Session;
  readonly #sessions = new Set<ServerHttp2Session>();
  readonly #counts = new Map<string, number>();
  #planned: Planned[] = [];
  #held: (() => Promise<unknown>)[] = [];
  #host = '';

  private constructor(target: string) {
    this.#upstream = connect(`http://${target}`);
    this.#upstream.on('error', () => undefined);
    this.#server = createServer();
    this.#server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('error', () => undefined);
    });
    this.#server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      void this.#serve(stream, headers).catch(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
    });
  }

  /** Starts one on a free port of loopback, in front of the server at `target` (host:port). */
  static async start(target: string): Promise<GrpcProxy> {
    const proxy = new GrpcProxy(target);
    const listening = Promise.withResolvers<void>();
    proxy.#server.once('error', listening.reject);
    proxy.#server.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    const address = proxy.#server.address();
    if (typeof address === 'object' && address !== null) proxy.#host = `127.0.0.1:${address.port}`;
    return proxy;
  }

  /** host:port that clients connect to. */
  get host(): string {
    return this.#host;
  }

  /** Calls made so far, by method. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Forgets what was counted. */
  resetCounts(): void {
    this.#counts.clear();
  }

  /** Lets calls go wrong. Of several faults the first that fits is taken. */
  inject(fault: GrpcFault): void {
    this.#planned.push({ fault, skips: fault.after ?? 0, left: fault.times ?? 1 });
  }

  /** Whether every fault that was injected has happened. */
  get allHappened(): boolean {
    return this.#planned.length === 0;
  }

  /** Carries out what is held up, in order, and waits for the server's answers. */
  async letGo(): Promise<void> {
    for (const carryOut of this.#held.splice(0)) await carryOut();
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.#planned = [];
  }

  async stop(): Promise<void> {
    for (const session of this.#sessions) session.destroy();
    this.#upstream.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Promise<void> {
    const method = String(headers[':path']).split('/').at(-1) ?? '';
    this.#counts.set(method, (this.#counts.get(method) ?? 0) + 1);
    const fault = this.#take(method);
    const body: Buffer[] = [];
    for await (const part of stream) body.push(part);
    if (fault?.when === 'early') this.#held.push(() => this.#ask(headers, body));
    if (fault !== undefined && fault.when !== 'after') return this.#trouble(stream, fault.trouble);
    const answer = await this.#ask(headers, body, stream);
    if (fault !== undefined) return this.#trouble(stream, fault.trouble);
    if (stream.destroyed) return;
    relay(stream, answer);
  }

  #take(method: string): GrpcFault | undefined {
    for (const planned of this.#planned) {
      if (planned.fault.method !== method) continue;
      if (planned.skips > 0) {
        planned.skips -= 1;
        continue;
      }
      planned.left -= 1;
      if (planned.left <= 0) this.#planned = this.#planned.filter((other) => other !== planned);
      return planned.fault;
    }
    return undefined;
  }

  #trouble(stream: ServerHttp2Stream, trouble: GrpcTrouble): void {
    if (trouble === 'silence' || stream.destroyed) return;
    if (trouble === 'reset') {
      stream.session?.socket.destroy();
      return;
    }
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': String(trouble.status),
        'grpc-message': encodeURIComponent(trouble.message ?? 'injected'),
      },
      { endStream: true },
    );
  }

  #ask(headers: IncomingHttpHeaders, body: readonly Buffer[], from?: ServerHttp2Stream): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const request = this.#upstream.request(headers);
    const parts: Buffer[] = [];
    let first: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    request.on('response', (answer) => {
      first = answer;
    });
    request.on('trailers', (last) => {
      trailers = last;
    });
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => resolve({ headers: first, body: parts, trailers }));
    request.on('error', reject);
    // A client that gives up, as one that has read enough, ends the call behind the proxy too.
    from?.once('aborted', () => request.close(constants.NGHTTP2_CANCEL));
    for (const part of body) request.write(part);
    request.end();
    return promise;
  }
}

function relay(stream: ServerHttp2Stream, { headers, body, trailers }: Answer): void {
  // Trailers alone: the status stands in the headers.
  if (headers['grpc-status'] !== undefined) {
    stream.respond(headers, { endStream: true });
    return;
  }
  stream.respond(headers, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers(trailers));
  for (const part of body) stream.write(part);
  stream.end();
}

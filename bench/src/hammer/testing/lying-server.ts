import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server answered. */
export interface Told {
  readonly status: number;
  readonly body: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How a server lies: each function sees the true answer, and the number of true answers of its sort before it. */
export interface Lies {
  /** To a write. */
  readonly write?: (truth: Told, before: number) => Told;
  /** What is written, instead of the body that was sent. */
  readonly entry?: (body: Buffer) => Buffer;
  readonly checkpoint?: (truth: Told, before: number) => Told | Promise<Told>;
  /** Of a tile or an entry bundle. */
  readonly object?: (truth: Told, path: string) => Told;
}

/** A server between a log and its clients. */
export interface LyingServer {
  readonly url: string;
  /** When each write was taken, of `performance.now()`. */
  readonly writesAtMs: readonly number[];
  close(): void;
}

/** Starts a server that passes everything on to the log at `upstream`, and lies about it. */
export async function startLyingServer(upstream: string, lies: Lies): Promise<LyingServer> {
  const writesAtMs: number[] = [];
  let checkpoints = 0;
  const answer = async (request: IncomingMessage): Promise<Told> => {
    const path = request.url ?? '/';
    const body = await bodyOf(request);
    if (request.method === 'POST') {
      const truth = await ask(`${upstream}${path}`, lies.entry?.(body) ?? body);
      // What asks for the kind of a log is no write.
      const before = truth.status < 300 ? writesAtMs.push(performance.now()) - 1 : writesAtMs.length;
      return lies.write?.(truth, before) ?? truth;
    }
    const truth = await ask(`${upstream}${path}`);
    if (path === '/checkpoint') return (await lies.checkpoint?.(truth, checkpoints++)) ?? truth;
    return path.startsWith('/tile/') ? (lies.object?.(truth, path) ?? truth) : truth;
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (told) => respond(response, told),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    writesAtMs,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function ask(url: string, body?: Buffer): Promise<Told> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', body: new Uint8Array(body) });
  return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function respond(response: ServerResponse, { status, body, headers = {} }: Told): void {
  response.writeHead(status, { ...headers, 'Content-Length': body.length }).end(body);
}

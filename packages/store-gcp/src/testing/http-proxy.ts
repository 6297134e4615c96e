import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { OperationCounter, type OperationCounts } from '../gcs/operation-counts.ts';
import { type GcsRequest, gcsRequestOf } from './gcs-operation.ts';

/** What happens to a request on its way. */
export type GcsFault =
  /** This status is answered, with this body: instead of the server, or, with `after`, once the server did its part. */
  | { readonly kind: 'status'; readonly status: number; readonly body?: string; readonly after?: boolean }
  /** The connection is reset: before the server sees the request, or after it did its part. */
  | { readonly kind: 'reset'; readonly after?: boolean }
  /** No answer ever comes: and the server never sees the request, or did its part. */
  | { readonly kind: 'silence'; readonly after?: boolean }
  /** No answer ever comes, and the server sees the request when `until` is settled. */
  | { readonly kind: 'held'; readonly until: Promise<void> }
  /** Half of the body arrives, and then the connection ends. */
  | { readonly kind: 'truncated' }
  /** As many bytes as there are arrive, and they are others. */
  | { readonly kind: 'wrong-bytes' };

/** Decides about each request, in the order of their arrival; may do something of its own first. */
export type GcsFaults = (
  request: GcsRequest,
  headers: IncomingMessage['headers'],
) => GcsFault | undefined | Promise<GcsFault | undefined>;

/** How to start a {@link GcsProxy}. */
export interface GcsProxyOptions {
  /** Certificate and key, PEM, of a proxy that speaks TLS; the server behind it is asked in the open. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
}

/** Stands before a storage server, counts what passes and does it harm. */
export interface GcsProxy {
  /** `http://127.0.0.1:<port>`, or with `https:`, without a path. */
  readonly endpoint: string;
  /** Requests that arrived, whatever became of them. */
  readonly operations: OperationCounts;
  /** From now on; none when nothing is given. */
  inject(faults?: GcsFaults): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Starts a proxy before the server at `upstream`, on a free port of loopback. */
export async function startGcsProxy(upstream: string, { tls }: GcsProxyOptions = {}): Promise<GcsProxy> {
  const counter = new OperationCounter();
  const agent = new Agent({ keepAlive: true });
  let faults: GcsFaults = () => undefined;

  const forward = async (incoming: IncomingMessage, body: Buffer): Promise<Answer> => {
    const { host, hostname, port } = new URL(upstream);
    const { method, url: path } = incoming;
    const headers = { ...incoming.headers, host };
    const sent = request({ agent, hostname, port, method, path, headers });
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bytesOf(answer) };
  };

  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bytesOf(incoming);
    const asked = gcsRequestOf(incoming.method ?? '', incoming.url ?? '/');
    if (asked.operation !== 'other') counter.add(asked.operation);
    const fault = await faults(asked, incoming.headers);
    if (fault?.kind === 'held') await fault.until;
    const isCutOff = fault !== undefined && 'after' in fault ? !fault.after : isBefore(fault);
    const answer = isCutOff ? undefined : await forward(incoming, body);
    reply(incoming, outgoing, fault, answer);
  };

  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    endpoint: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    get operations() {
      return counter.counts;
    },
    inject: (given = () => undefined) => {
      faults = given;
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

/** The faults, one after another, of the requests for `operation`; later ones pass. */
export function faultsOn(operation: GcsRequest['operation'], ...faults: readonly GcsFault[]): GcsFaults {
  const left = [...faults];
  return (asked) => (asked.operation === operation ? left.shift() : undefined);
}

/** Whether the server never sees the request, where the fault does not say. */
function isBefore(fault: GcsFault | undefined): boolean {
  return fault?.kind === 'status' || fault?.kind === 'reset' || fault?.kind === 'silence';
}

function reply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  fault: GcsFault | undefined,
  answer: Answer | undefined,
): void {
  switch (fault?.kind) {
    case 'status':
      outgoing.writeHead(fault.status, { 'content-type': 'text/plain' }).end(fault.body ?? 'injected');
      return;
    case 'reset':
      incoming.socket.resetAndDestroy();
      return;
    case 'silence':
    case 'held':
      return;
    case 'truncated':
      if (answer === undefined) return;
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.write(answer.body.subarray(0, Math.floor(answer.body.length / 2)), () => incoming.socket.destroy());
      return;
    case 'wrong-bytes':
      if (answer === undefined) return;
      outgoing.writeHead(answer.status, answer.headers).end(answer.body.map((byte) => 255 - byte));
      return;
    case undefined:
      if (answer !== undefined) outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  }
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

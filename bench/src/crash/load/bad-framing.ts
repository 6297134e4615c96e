import { chunked, type HttpParts, httpRequest } from '../../parity/exchange/http-request.ts';
import { grpcFrame } from '../../parity/exchange/protobuf.ts';
import { sendRaw } from '../../parity/exchange/raw-http.ts';
import type { EntryRequest } from './request-supply.ts';
import { type Traffic, unanswered } from './traffic.ts';

/** A bad exchange and the status that it must end with. */
type HttpExchange = readonly [kind: string, parts: HttpParts, status: number];
type GrpcExchange = readonly [
  kind: string,
  data: Uint8Array,
  headers: Readonly<Record<string, string>>,
  status: number,
];

const MAX_BODY = 4 * 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * Good entries in bad HTTP. Over HTTP every content type is read as JSON, as rekor-tiles does: a wrong one is no fault.
 */
export function badHttp({ json }: EntryRequest): HttpExchange[] {
  const coded = 'Transfer-Encoding: chunked';
  return [
    ['method GET', { method: 'GET' }, 501],
    ['method PUT', { method: 'PUT', body: json }, 501],
    ['method DELETE', { method: 'DELETE', body: json }, 501],
    ['unknown method', { method: 'FOO', body: json }, 501],
    ['unknown path', { target: '/nope', body: json }, 404],
    ['no body', {}, 400],
    ['4 MiB and a byte', { body: Buffer.alloc(MAX_BODY + 1, ' ') }, 400],
    [
      'a bad chunk',
      { headers: [coded], body: Buffer.concat([chunked(json).subarray(0, -5), Buffer.from('zz\r\n')]) },
      400,
    ],
    ['two lengths', { headers: ['Content-Length: 2', `Content-Length: ${json.length}`], body: json }, 400],
    ['a bad timeout', { headers: ['Grpc-Timeout: x'], body: json }, 400],
    ['an overlong header', { headers: [`X-Big: ${'a'.repeat(2 ** 21)}`], body: json }, 431],
  ];
}

/** Good entries in bad gRPC. */
export function badGrpc({ wire }: EntryRequest): GrpcExchange[] {
  const good = grpcFrame(wire);
  return [
    ['content type text/plain', good, { 'content-type': 'text/plain' }, 3],
    ['content type application/json', good, { 'content-type': 'application/json' }, 3],
    ['4 MiB and a byte', grpcFrame(Buffer.alloc(MAX_BODY + 1)), {}, 8],
    ['no message', Buffer.alloc(0), {}, 2],
    ['half a message', good.subarray(0, 50), {}, 2],
    ['a bad flag', Buffer.concat([Buffer.from([9]), good.subarray(1)]), {}, 13],
    ['an unknown encoding', good, { 'grpc-encoding': 'snappy' }, 12],
    ['a bad timeout', good, { 'grpc-timeout': 'x' }, 13],
    ['an unknown method', good, { ':path': '/dev.sigstore.rekor.v2.Rekor/Nope' }, 12],
  ];
}

/** Sends one of them, with an entry that may then never be in the log. Whether there was an answer. */
export async function sendBadFraming(traffic: Traffic): Promise<boolean> {
  const { random, supply, book, ports, grpc, phase } = traffic;
  const request = supply.next();
  book.refuse(request.leaf);
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const [http, call] = random() < 0.5 ? [pick(badHttp(request))] : [undefined, pick(badGrpc(request))];
  try {
    if (http !== undefined) {
      const [kind, parts, status] = http;
      const answer = await sendRaw(ports.http, httpRequest(parts), TIMEOUT_MS, 0);
      if (answer.status === 0 && phase.ending.aborted) return false;
      judge(traffic, `${kind} (http ${status})`, answer.status, status);
    }
    if (call !== undefined) {
      const [kind, data, headers, status] = call;
      const answer = await grpc.exchange(data, headers);
      judge(traffic, `${kind} (grpc ${status})`, answer.status, status);
    }
    return true;
  } catch (error) {
    unanswered(traffic, 'a request in bad framing', error);
    return false;
  }
}

function judge({ tally, ledger, phase, isOurs }: Traffic, kind: string, actual: number, expected: number): void {
  const isBusy = phase.ending.aborted && (actual === 503 || actual === 14);
  if (isBusy) return;
  tally.count('bad requests', kind);
  if (isOurs && actual !== expected) ledger.violate(`${kind} was answered ${actual}`);
}

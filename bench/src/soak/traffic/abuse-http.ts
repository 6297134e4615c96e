import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chunked, type HttpParts, httpRequest } from '../../parity/exchange/http-request.ts';
import { sendRaw } from '../../parity/exchange/raw-http.ts';
import { inParallel } from '../clients/in-parallel.ts';
import { openSocket } from '../clients/open-socket.ts';
import { freshEntry } from './fresh-entries.ts';
import type { Traffic } from './round.ts';

/** How a client leaves. */
type Leave = 'close' | 'reset' | 'half-close';

const MAX_BODY = 4 * 1024 * 1024;
const CLOSED_WITHIN_MS = 10_000;
/** A full entry bundle, of which so many fill every buffer between the server and a client that does not read. */
const BUNDLE = httpRequest({ method: 'GET', target: '/api/v2/tile/entries/000' }).bytes;
const PIPELINED = 100;

/** Exchanges with sockets of their own: bad framing and refused routes, and clients that leave at every point. */
export async function abuseHttp(traffic: Traffic): Promise<void> {
  await inParallel(answered(traffic), 2, ([name, parts, status]) => expectStatus(traffic, name, parts, status));
  await inParallel(abandoned(traffic), 4, ([name, bytes, waitMs, leave]) => {
    return walkAway(traffic, name, bytes, waitMs, leave);
  });
}

function answered({ maker }: Traffic): [name: string, parts: HttpParts, status: number][] {
  const entry = (): Buffer => freshEntry(maker).json;
  const spaces = Buffer.alloc(MAX_BODY + 1, ' ');
  const coded = 'Transfer-Encoding: chunked';
  const get = { method: 'GET', target: '/healthz' };
  return [
    ['4 MiB and a byte', { body: spaces }, 400],
    ['4 MiB and a byte, chunked', { headers: [coded], body: chunked(spaces) }, 400],
    ['no body', {}, 400],
    ['a bad chunk', { headers: [coded], body: 'zz\r\n{}\r\n0\r\n\r\n' }, 400],
    ['an entry in small chunks', { headers: [coded], body: chunked(entry(), 7) }, 201],
    ['an entry after 100 Continue', { headers: ['Expect: 100-continue'], bodyAfterContinue: entry() }, 201],
    ['an entry, then close', { headers: ['Connection: close'], body: entry() }, 201],
    ['an entry whose time is over', { headers: ['Grpc-Timeout: 1n'], body: entry() }, 504],
    ['a bad timeout', { headers: ['Grpc-Timeout: x'], body: entry() }, 400],
    ['PUT', { method: 'PUT', body: entry() }, 501],
    ['GET of the write path', { method: 'GET' }, 501],
    ['an unknown method', { method: 'FOO' }, 501],
    ['an unknown path', { target: '/nope', body: entry() }, 404],
    ['a doubled slash', { target: '//api/v2/log/entries', body: entry() }, 404],
    ['no Host', { ...get, noHost: true }, 400],
    ['two lengths', { headers: ['Content-Length: 2', 'Content-Length: 3'], body: '{}' }, 400],
    ['a header without a colon', { ...get, headers: ['bad header line'] }, 400],
    ['a header of 2 MiB', { ...get, headers: [`X-Big: ${'a'.repeat(2 ** 21)}`] }, 431],
    ['health', get, 200],
    ['the checkpoint', { method: 'GET', target: '/api/v2/checkpoint' }, 200],
    ['a bundle', { method: 'GET', target: '/api/v2/tile/entries/000' }, 200],
    ['a tile that is not', { method: 'GET', target: '/api/v2/tile/0/x999/999' }, 404],
  ];
}

async function expectStatus(
  { ports, findings }: Traffic,
  name: string,
  parts: HttpParts,
  status: number,
): Promise<void> {
  try {
    const answer = await sendRaw(ports.http, httpRequest(parts), 30_000, 0);
    findings.count(`http ${answer.status}`);
    if (answer.status !== status) findings.violate(`${name}: http ${answer.status} instead of ${status}`);
  } catch (error) {
    findings.violate(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

function abandoned({ maker }: Traffic): [name: string, bytes: Uint8Array, waitMs: number, leave: Leave][] {
  const whole = (): Uint8Array => httpRequest({ body: freshEntry(maker).json }).bytes;
  const cut = (bytes: Uint8Array, part: number): Uint8Array => bytes.subarray(0, Math.floor(bytes.length * part));
  const inChunks = httpRequest({ headers: ['Transfer-Encoding: chunked'], body: chunked(freshEntry(maker).json, 100) });
  const known = whole();
  const leaves: readonly Leave[] = ['close', 'reset', 'half-close'];
  return leaves.flatMap((leave): [string, Uint8Array, number, Leave][] => [
    ['before a word', Buffer.alloc(0), 1, leave],
    ['in the headers', cut(whole(), 0.02), 1, leave],
    ['in the body', cut(whole(), 0.7), 1, leave],
    ['in a chunk', cut(inChunks.bytes, 0.6), 1, leave],
    ['in a body of 4 MiB', cut(httpRequest({ body: Buffer.alloc(MAX_BODY, ' ') }).bytes, 0.5), 5, leave],
    [
      'before 100 Continue',
      httpRequest({ headers: ['Expect: 100-continue'], bodyAfterContinue: '{}' }).bytes,
      0,
      leave,
    ],
    ...[0, 1, 3, 10].map((ms): [string, Uint8Array, number, Leave] => ['while it waits', whole(), ms, leave]),
    ['while one entry waits ten times', Buffer.concat(Array.from({ length: 10 }, () => known)), 2, leave],
    ['in the answers', Buffer.concat(Array.from({ length: PIPELINED }, () => BUNDLE)), 20, leave],
  ]);
}

/** Sends bytes, reads nothing for `waitMs`, and leaves. A connection that is half closed is the server's to end. */
async function walkAway(
  { ports, findings }: Traffic,
  name: string,
  bytes: Uint8Array,
  waitMs: number,
  leave: Leave,
): Promise<void> {
  const socket = await openSocket(ports.http);
  socket.write(bytes);
  await sleep(waitMs);
  if (leave === 'reset') socket.resetAndDestroy();
  else if (leave === 'close') socket.destroy();
  else {
    socket.end();
    socket.resume();
    await untilClosed(socket);
    if (!socket.closed) findings.violate(`a client left ${name}: its half-closed connection stays open`);
    socket.destroy();
  }
  findings.count(`left by ${leave}`);
}

async function untilClosed(socket: Socket): Promise<void> {
  // The server's end ends the reading side; ours is closed already.
  await Promise.race([once(socket, 'close'), sleep(CLOSED_WITHIN_MS, undefined, { ref: false })]);
}

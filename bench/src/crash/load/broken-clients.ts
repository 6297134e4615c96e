import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { chunked, httpRequest } from '../../parity/exchange/http-request.ts';
import { grpcFrame } from '../../parity/exchange/protobuf.ts';
import { GrpcClient } from '../../soak/clients/grpc-client.ts';
import { openSocket } from '../../soak/clients/open-socket.ts';
import type { EntryRequest } from './request-supply.ts';
import { type Traffic, unanswered } from './traffic.ts';

const MOST_WAIT_MS = 12;
const READ_WITHIN_MS = 1_000;
const CANCEL = 8;

/**
 * A client that breaks off: in the middle of its request, whose entry may then never be in the log, or after all of it,
 * when nobody knows. Returns the request that nobody knows about.
 */
export async function breakOff(traffic: Traffic): Promise<EntryRequest | undefined> {
  const { random, supply, book, tally } = traffic;
  const request = supply.next();
  const isWhole = random() < 0.3;
  if (isWhole) book.send(request.leaf);
  else book.refuse(request.leaf);
  const how = random() < 0.5 ? leaveHttp : leaveGrpc;
  try {
    const kind = await how(traffic, request, isWhole);
    tally.count('broken off', `${kind}, ${isWhole ? 'after the request' : 'in the request'}`);
  } catch (error) {
    unanswered(traffic, 'a new connection', error);
  }
  return isWhole ? request : undefined;
}

async function leaveHttp(
  { random, ports, ledger }: Traffic,
  { json }: EntryRequest,
  isWhole: boolean,
): Promise<string> {
  const parts = random() < 0.5 ? { body: json } : { headers: ['Transfer-Encoding: chunked'], body: chunked(json, 500) };
  const { bytes } = httpRequest(parts);
  const socket = await openSocket(ports.http);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answer += text;
  });
  socket.write(isWhole ? bytes : cut(bytes, random()));
  await sleep(random() * MOST_WAIT_MS);
  const choice = random();
  if (choice < 0.4) socket.resetAndDestroy();
  else if (choice < 0.7) socket.destroy();
  else {
    socket.end();
    socket.resume();
    await closed(socket);
    socket.destroy();
  }
  if (!isWhole && /^HTTP\/1\.1 2/.test(answer)) ledger.violate(`half a request was answered ${answer.slice(0, 20)}`);
  return choice < 0.4 ? 'HTTP connection reset' : choice < 0.7 ? 'HTTP connection closed' : 'HTTP half closed';
}

/** Resolves when the connection is closed, or after a while. */
async function closed(socket: Socket): Promise<void> {
  // Its server may have died before this: then no event will tell.
  if (socket.closed) return;
  const inTime = new AbortController();
  const late = sleep(READ_WITHIN_MS, undefined, inTime).catch(() => undefined);
  await Promise.race([once(socket, 'close'), late]);
  inTime.abort();
}

async function leaveGrpc({ random, ports, grpc }: Traffic, { wire }: EntryRequest, isWhole: boolean): Promise<string> {
  const ownsConnection = random() < 0.5;
  const client = ownsConnection ? new GrpcClient(ports.grpc) : grpc;
  const stream = client.open();
  const message = grpcFrame(wire);
  stream.write(isWhole ? message : cut(message, random()));
  await sleep(random() * MOST_WAIT_MS);
  if (ownsConnection) client.destroy();
  else stream.close(CANCEL);
  return ownsConnection ? 'gRPC connection broken' : 'gRPC stream reset';
}

/** Bytes without their end: none, or all but one, or anything between. */
function cut(bytes: Uint8Array, part: number): Uint8Array {
  return bytes.subarray(0, Math.floor(bytes.length * part));
}

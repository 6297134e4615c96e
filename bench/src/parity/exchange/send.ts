import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerPorts } from '../../server/server-process.ts';
import type { Answer, Row } from '../row.ts';
import { callUnary } from './grpc-call.ts';
import { exchangeFrames } from './grpc-frames.ts';
import { httpAnswer } from './http-answer.ts';
import { sendRaw } from './raw-http.ts';

/** Sends one row to one server. An exchange that fails without an answer gives the field `failure`. */
export async function send(row: Row, ports: ServerPorts): Promise<Answer> {
  try {
    return await exchange(row, ports);
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  } finally {
    if (row.settleMs !== undefined) await sleep(row.settleMs);
  }
}

async function exchange(row: Row, ports: ServerPorts): Promise<Answer> {
  switch (row.kind) {
    case 'http':
      return httpAnswer(await sendRaw(ports.http, row.request));
    case 'grpc':
      return await callUnary(ports.grpc, row);
    case 'frames':
      return await exchangeFrames(ports.grpc, row);
  }
}

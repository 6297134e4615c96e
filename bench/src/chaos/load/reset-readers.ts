import { setTimeout as sleep } from 'node:timers/promises';
import { httpRequest } from '../../parity/exchange/http-request.ts';
import { openSocket } from '../../soak/clients/open-socket.ts';

const PATHS = ['/checkpoint', '/tile/entries/000', '/tile/0/000', '/api/v2/checkpoint'];
const PIPELINED = 50;
const MOST_WAIT_MS = 15;

/** A reader that asks for much, and resets its connection in the middle of the answers. */
export async function resetReader(port: number, random: () => number): Promise<void> {
  const target = PATHS[Math.floor(random() * PATHS.length)] ?? '/checkpoint';
  const { bytes } = httpRequest({ method: 'GET', target });
  const socket = await openSocket(port);
  socket.write(Buffer.concat(Array.from({ length: PIPELINED }, () => bytes)));
  await sleep(random() * MOST_WAIT_MS);
  socket.resetAndDestroy();
}

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection that pauses what it receives; what goes wrong with it is its end. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  return socket;
}

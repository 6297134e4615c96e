import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A port on the loopback interface that passes bytes on to another one, and can break its connections. */
export interface BreakablePort {
  readonly port: number;
  /** Breaks the connections that there are; new ones can be made. */
  reset(): void;
  close(): Promise<void>;
}

/** Opens a port that passes on to the port `target`. */
export async function breakablePort(target: number): Promise<BreakablePort> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    keep(near);
    keep(far);
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the port has no number');
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    reset,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      reset();
      await closed;
    },
  };
}

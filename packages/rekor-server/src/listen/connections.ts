import type { Server, Socket } from 'node:net';

/**
 * Every connection of a server from its first packet. A server of node:https or node:http2 knows one only after its TLS
 * handshake, and waits for it all the same when it closes.
 */
export class Connections {
  readonly #sockets = new Set<Socket>();

  /** Beyond `most` they are closed as they come. */
  constructor(server: Server, most: number = Number.POSITIVE_INFINITY) {
    server.on('connection', (socket: Socket) => {
      if (this.#sockets.size >= most) {
        socket.destroy();
        return;
      }
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Cuts all of them off, whatever is under way. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

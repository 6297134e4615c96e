import type { Server, Socket } from 'node:net';

/**
 * Every connection of a server from its first packet. A server of node:https or node:http2 knows one only after its TLS
 * handshake, and waits for it all the same when it closes.
 */
export class Connections {
  readonly #sockets = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /** Cuts all of them off, whatever is under way. */
  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The requests that a server is answering, and its connections: what a stop has to wait for. */
export class InFlight {
  readonly #responses = new Set<ServerResponse>();
  readonly #sockets = new Set<Socket>();
  #isEnding = false;

  /** Has to see a request before the application does. */
  constructor(server: Server) {
    server.on('request', (_request, response) => {
      this.#responses.add(response);
      response.once('close', () => this.#responses.delete(response));
      if (this.#isEnding) response.setHeader('Connection', 'close');
    });
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  get requests(): number {
    return this.#responses.size;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** From now on each answer is the last of its connection; those that never asked anything are ended at once. */
  endConnections(): void {
    this.#isEnding = true;
    for (const response of this.#responses) {
      const { socket } = response;
      if (!response.headersSent) response.setHeader('Connection', 'close');
      // It has promised to keep the connection: end it before the next request.
      else response.once('finish', () => socket?.end());
    }
    // Node does not count these as idle, and browsers open some in advance.
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}

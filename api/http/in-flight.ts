import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LinkedList } from '../base/index.ts';

/** The requests that a server is answering, and its connections: what a stop has to wait for. */
export class InFlight {
  readonly #responses = new LinkedList<ServerResponse>();
  readonly #sockets = new LinkedList<Socket>();
  #isEnding = false;

  constructor(server: Server) {
    server.on('connection', (socket) => {
      socket.once('close', this.#sockets.add(socket));
    });
  }

  /** Counts a request until it is answered. Has to see it before the application does. */
  add(response: ServerResponse): void {
    response.once('close', this.#responses.add(response));
    if (this.#isEnding) response.setHeader('Connection', 'close');
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

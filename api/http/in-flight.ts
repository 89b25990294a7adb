import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LinkedList } from '../base/index.ts';

/** Open requests and connections of a server, for which a shutdown waits. */
export class InFlight {
  readonly #responses = new LinkedList<ServerResponse>();
  readonly #sockets = new LinkedList<Socket>();
  #isEnding = false;

  constructor(server: Server) {
    server.on('connection', (socket) => {
      socket.once('close', this.#sockets.add(socket));
    });
  }

  /** Counts a request until its response ends. Must be called before the application sees it. */
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

  /** From now on each response is the last of its connection; connections without a request end at once. */
  endConnections(): void {
    this.#isEnding = true;
    for (const response of this.#responses) {
      const { socket } = response;
      if (!response.headersSent) response.setHeader('Connection', 'close');
      // Its headers have promised keep-alive: end the connection before the next request.
      else response.once('finish', () => socket?.end());
    }
    // Node does not count connections without a request as idle, and browsers open some in advance.
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}

import { once } from 'node:events';
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';

/** A blockable relay to a local port: bytes sent while it is blocked arrive later, as in a stalled network. */
interface Link {
  readonly port: number;
  readonly block: () => void;
  readonly open: () => void;
  readonly close: () => void;
}

export async function startLink(target: number): Promise<Link> {
  const sockets = new Set<Socket>();
  let isBlocked = false;
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('data', (bytes) => other.write(bytes));
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.on('error', () => socket.destroy());
      if (isBlocked) socket.pause();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    block: () => {
      isBlocked = true;
      for (const socket of sockets) socket.pause();
    },
    open: () => {
      isBlocked = false;
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

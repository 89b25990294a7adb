import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { InFlight } from './in-flight.ts';

const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;

export interface Listening {
  readonly server: Server;
  readonly url: string;
  readonly inFlight: InFlight;
}

/** Starts listening; port 0 takes any free one. Rejects when the address cannot be had. */
export async function listen(app: Express, host: string, port: number): Promise<Listening> {
  const server = createServer({ requestTimeout: requestTimeoutMs, headersTimeout: headersTimeoutMs });
  const inFlight = new InFlight(server);
  server.on('request', app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { server, url: `http://${name}:${address.port}`, inFlight };
}

/** Takes no new connections and resolves when every request in flight is answered, however long that takes. */
export async function drain({ server, inFlight }: Listening): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  inFlight.endConnections();
  await closed;
}

/** Takes no new connections, lets requests in flight finish for `graceMs`, then cuts them. */
export async function stop(server: Server, graceMs: number): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(cut);
}

/** Whether only this machine can reach a server on that host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

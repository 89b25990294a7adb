import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

/** Bounds of what a client may take before a route is reached. */
interface ProtocolLimits {
  /** From the start of a connection, or of its next request, to the end of the headers. */
  readonly headersMsMax: number;
  /** From there to the end of the body. */
  readonly requestMsMax: number;
  /** Between two requests. */
  readonly idleMsMax: number;
  /** Without a byte either way while a request is answered: of clients that do not read. */
  readonly stalledMsMax: number;
  /** How often these times are looked at. */
  readonly checkMs: number;
}

export interface ListenOptions {
  readonly limits?: Partial<ProtocolLimits>;
}

const usualLimits: ProtocolLimits = {
  headersMsMax: 10_000,
  requestMsMax: 30_000,
  idleMsMax: 65_000,
  stalledMsMax: 120_000,
  checkMs: 1_000,
};

/** Starts listening; port 0 takes any free one. Rejects when the address cannot be had. */
export async function listen(
  app: Express,
  host: string,
  port: number,
  { limits: given = {} }: ListenOptions = {},
): Promise<{ server: Server; url: string }> {
  const limits = { ...usualLimits, ...given };
  const options = {
    headersTimeout: limits.headersMsMax,
    requestTimeout: limits.requestMsMax,
    keepAliveTimeout: limits.idleMsMax,
    connectionsCheckingInterval: limits.checkMs,
  };
  const server = createServer(options, app);
  server.setTimeout(limits.stalledMsMax);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return { server, url: `http://${name}:${address.port}` };
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

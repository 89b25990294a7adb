import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that reads bodies and discards them: what a flood costs reads before any server has done anything with it. */
const server = createServer((request, response) => {
  request.resume().once('end', () => {
    response.writeHead(202, { 'Content-Length': 0 }).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

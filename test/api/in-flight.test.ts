import { once } from 'node:events';
import { type ServerResponse, Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished, test, expect } from 'vitest';
import { drain } from '../../api/index.ts';
import { InFlight } from '../../api/http/in-flight.ts';

test('a response that started before the shutdown is the last of its connection', async () => {
  const responses: ServerResponse[] = [];
  // Otherwise the connection would stay for an hour.
  const server = createServer({ keepAliveTimeout: 3_600_000 });
  const inFlight = new InFlight(server);
  server.on('request', (_request, response) => {
    inFlight.add(response);
    response.write('begun');
    responses.push(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => agent.destroy());
  const { port } = server.address() as AddressInfo;
  const request = get({ host: '127.0.0.1', port, agent });
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  expect([inFlight.requests, inFlight.connections]).toEqual([1, 1]);
  const drained = drain({ server, url: '', inFlight });
  responses[0]!.end(', ended');
  let body = '';
  for await (const chunk of answer) body += String(chunk);
  expect(body).toBe('begun, ended');
  expect(answer.headers.connection).toBe('keep-alive');
  await drained;
  await expect.poll(() => [inFlight.requests, inFlight.connections]).toEqual([0, 0]);
});

/**
 * The yardstick of a request: an Express app that sends one fixed body, read from stdin, and does nothing else. Prints its
 * address.
 */
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import express from 'express';
import { print } from '../../output.ts';

const body = await text(process.stdin);
const app = express();
app.get('/v1/pins/:pin/related', (_, response) => {
  response.type('json').send(body);
});
const server = app.listen(0, '127.0.0.1', () =>
  print(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);

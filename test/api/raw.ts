import { type Socket, connect } from 'node:net';
import type { Answer } from './server.ts';

/** A connection to a server, and the bytes received so far. */
export function openSocket(url: string): { socket: Socket; received: () => string; closed: Promise<void> } {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  // A reset is one way to close.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { socket, received: () => text, closed };
}

/** Sends raw bytes, waits until the server closes the connection, and reads its last response. */
export async function sendRaw(url: string, bytes: string | Buffer): Promise<Answer> {
  const { socket, received, closed } = openSocket(url);
  socket.write(bytes);
  await closed;
  return readAnswer(received());
}

/** The last response in the bytes that a socket received. */
export function readAnswer(text: string): Answer {
  const response = text.slice(text.lastIndexOf('HTTP/1.1 '));
  const [head = '', body = ''] = response.split(/\r\n\r\n(.*)/s);
  const [start = '', ...lines] = head.split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: (.*)/s).slice(0, 2) as [string, string]));
  return {
    status: Number(start.split(' ')[1]),
    headers,
    body: headers.get('content-type')?.includes('json') === true && body !== '' ? JSON.parse(body) : body,
  };
}

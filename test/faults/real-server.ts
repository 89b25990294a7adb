import type { ChildProcess } from 'node:child_process';
import { startPinwalk, type Ended } from '../scripts/command.ts';

/** A server in a process of its own. */
export interface RealServer {
  readonly url: string;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts `pinwalk serve` on a data folder; resolves once it serves a snapshot, throws when it ends before. */
export async function startServer(data: string, ...flags: string[]): Promise<RealServer> {
  const { child, ended } = launchServer(data, ...flags);
  const url = new Promise<string>((resolve) => {
    let printed = '';
    child.stdout!.on('data', (text: Buffer) => {
      printed += text.toString();
      const found = /serves graph \S+ on (http:\S+)/.exec(printed);
      if (found !== null) resolve(found[1]!);
    });
  });
  const first = await Promise.race([url, ended]);
  if (typeof first === 'string') return { url: first, child, ended };
  throw new Error(`the server ended: ${JSON.stringify(first)}`);
}

export function launchServer(
  data: string,
  ...flags: string[]
): { child: ChildProcess; ended: Promise<Ended> } {
  const settings = [
    '--port',
    '0',
    '--threads',
    '1',
    '--queue-ms-max',
    '60000',
    '--rate-limit-per-minute',
    '0',
  ];
  return startPinwalk('serve', '--data', data, ...settings, ...flags);
}

/** Waits for its end: until then, it may write to its folder. */
export async function killServer(server: RealServer | undefined): Promise<void> {
  server?.child.kill('SIGKILL');
  await server?.ended;
}

/** Sends a GET, or a POST when there is a body. */
export async function request(
  url: string,
  body?: unknown,
): Promise<{
  status: number;
  // Tests read fields by name, and assert what they find.
  // eslint-disable-next-line typescript/no-explicit-any
  body: any;
}> {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? {} : post);
  return { status: response.status, body: await response.json() };
}

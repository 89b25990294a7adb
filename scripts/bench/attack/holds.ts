import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { nextBelow, randomStream } from '../../../engine/index.ts';
import { openDataFolder } from '../../../graph-data/index.ts';
import { thousands } from '../../output.ts';
import { startServer } from '../api/server-process.ts';
import type { Hold } from './hold-probe.ts';
import { fillWithHubs } from './holds-data.ts';
import { type ExpensiveRequest, callNames, callsLeftOut, makeRequest } from './holds-requests.ts';
import type { Trial } from './trial.ts';

const holdMsMax = 50;
const atOnceMax = 8;

/**
 * Sends the most expensive requests of every call, alone and eight at once, and finds the one that held the event loop of
 * the server longest. What counts is processor time of its main thread: what other processes take is not its fault.
 */
export const holds: Trial = async ({ isSmall, seed, folder: data }) => {
  const [size, rounds] = isSmall ? [500, 1] : [300_000, 8];
  await fillWithHubs(openDataFolder(data), size, seed);
  const flags = ['--rate-limit-per-minute', '0'];
  const server = await startServer(data, flags, { probe: new URL('hold-probe.ts', import.meta.url) });
  const agent = new Agent({ keepAlive: true });
  const send = async (each: ExpensiveRequest): Promise<string> => sendTo(server.port, agent, each);
  const stream = randomStream(seed);
  let sent = 0;
  let [worst, cause]: [Hold, string] = [{ clock: 0, own: 0 }, 'none'];
  try {
    const unknown = await unknownCalls(send);
    const round = async (isMeasured: boolean): Promise<void> => {
      for (const call of shuffled(callNames, stream)) {
        const copies = nextBelow(stream, 2) === 0 || isSmall ? 1 : atOnceMax;
        const requests = Array.from({ length: copies }, () => makeRequest(call, stream, size));
        await server.readProbe();
        await Promise.all(requests.map(send));
        // The end of a write or a job may come later.
        await pause(20);
        const hold = (await server.readProbe()) as Hold;
        if (!isMeasured) continue;
        sent += copies;
        if (hold.own > worst.own) [worst, cause] = [hold, `${copies} × ${call}`];
      }
    };
    if (!isSmall) await round(false);
    for (let i = 0; i < rounds; i++) await round(true);
    const load = `${thousands(sent)} expensive requests over ${callNames.length} calls, ${thousands(size)} saves of each hub`;
    return [
      {
        name: 'holds/longest',
        load,
        measured: `${worst.own.toFixed(0)} ms (${worst.clock.toFixed(0)} ms by the clock): ${cause}`,
        bound: isSmall ? 'too small to tell' : `${holdMsMax} ms`,
        held: isSmall || worst.own <= holdMsMax,
      },
      {
        name: 'holds/calls',
        load: 'the OpenAPI document',
        measured: unknown.length === 0 ? 'every call is tried' : unknown.join(', '),
        bound: 'no call is forgotten',
        held: unknown.length === 0,
      },
    ];
  } finally {
    agent.destroy();
    await server.stop();
  }
};

/** Calls of the API that the trial knows nothing of. */
async function unknownCalls(send: (request: ExpensiveRequest) => Promise<string>): Promise<string[]> {
  const path = '/openapi.json';
  const { paths } = JSON.parse(await send({ call: path, method: 'GET', path })) as {
    paths: Record<string, Record<string, unknown>>;
  };
  const all = Object.entries(paths).flatMap(([each, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${each}`),
  );
  return all.filter((call) => !callNames.includes(call) && !callsLeftOut.includes(call));
}

/** The text of the response; empty when the server closed the connection, as it may when its responses are too many. */
async function sendTo(
  port: number,
  agent: Agent,
  { method, path, body, type = 'application/json' }: ExpensiveRequest,
): Promise<string> {
  return new Promise((resolve) => {
    const headers = body === undefined ? {} : { 'Content-Type': type };
    const sent = request({ host: '127.0.0.1', port, method, path, agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve(text));
      response.once('error', () => resolve(''));
    });
    sent.once('error', () => resolve(''));
    sent.end(body);
  });
}

function shuffled(items: readonly string[], stream: ReturnType<typeof randomStream>): string[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = nextBelow(stream, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

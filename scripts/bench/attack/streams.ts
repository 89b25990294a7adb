import { randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createKey, openDataFolder } from '../../../graph-data/index.ts';
import { runCommand, startServer } from '../api/server-process.ts';
import type { Trial } from './trial.ts';

/** Sizes of a real run, and of a smoke test. */
const full = { streams: 16, chunks: 40, seconds: 10 };
const small = { streams: 4, chunks: 4, seconds: 1 };
const linesPerChunk = 500;
/** In ten seconds; it was 0 to 2 when writers had one common queue. */
const savesMin = 20;

/**
 * Sixteen endless streams of saves of one key, beside a client with another key that saves one pin at a time. Alone, it
 * is limited by the disk only; beside the streams, it waits for a small commit of theirs each time.
 */
export const streamsOfOneKey: Trial = async ({ isSmall, folder: data }) => {
  const size = isSmall ? ['--pins', '200', '--boards', '400', '--saves', '4000'] : [];
  await runCommand('sample', 'synthetic', '--data', data, ...size);
  await runCommand('build', '--data', data);
  const folder = openDataFolder(data);
  const [attacker, other] = [0, 1].map(() => createKey(folder, { scope: 'write' }, randomBytes, 0).key);
  const { streams, chunks, seconds } = isSmall ? small : full;
  const server = await startServer(data, ['--rate-limit-per-minute', '0']);
  const agent = new Agent({ keepAlive: true });
  try {
    await savesIn(server.port, other!, agent, 'first', isSmall ? 0.2 : 2);
    const quiet = await savesIn(server.port, other!, agent, 'quiet', seconds);
    const sinks = Array.from({ length: streams }, (_, i) => startStream(server.port, attacker!, i, chunks));
    await pause(isSmall ? 200 : 3_000);
    const beside = await savesIn(server.port, other!, agent, 'beside', seconds);
    for (const stop of sinks) stop();
    return [
      {
        name: 'streams/single-saves',
        load: `${streams} streams of one key, beside single saves of another`,
        measured: `${beside} saves in ${seconds} s, quiet ${quiet}`,
        bound: isSmall ? 'too small to tell' : `at least ${savesMin}`,
        held: isSmall ? beside > 0 : beside >= savesMin,
      },
    ];
  } finally {
    agent.destroy();
    await server.stop();
  }
};

/** Saves that are acknowledged in this time, one after another. */
async function savesIn(
  port: number,
  key: string,
  agent: Agent,
  name: string,
  seconds: number,
): Promise<number> {
  const end = performance.now() + 1000 * seconds;
  let saves = 0;
  for (let i = 0; performance.now() < end; i++) {
    const body = JSON.stringify({ user: 'single', board: 'single', pin: `${name}-${i}` });
    const status = await post(port, key, agent, body);
    if (status === 201) saves++;
    else if (status !== 503) throw new Error(`a save was answered ${status}`);
  }
  return saves;
}

function post(port: number, key: string, agent: Agent, body: string): Promise<number> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` };
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, path: '/v1/saves', method: 'POST', headers, agent },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

/** Sends saves as fast as the server takes them; returns how to stop. */
function startStream(port: number, key: string, number: number, count: number): () => void {
  const headers = { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${key}` };
  const sent = request({ host: '127.0.0.1', port, path: '/v1/saves', method: 'POST', headers });
  // Made in advance: the client must not be busier than the server.
  const chunks = Array.from({ length: count }, (_, chunk) =>
    Array.from({ length: linesPerChunk }, (__, i) => lineOf(number, chunk * linesPerChunk + i)).join(''),
  );
  let next = 0;
  const write = (): void => {
    while (!sent.destroyed && sent.write(chunks[next++ % count]!));
  };
  sent.on('drain', write);
  // Destroyed at the end.
  sent.on('error', () => {});
  write();
  return () => void sent.destroy();
}

function lineOf(stream: number, i: number): string {
  const save = { user: `s${stream}`, board: `s${stream}-${i % 500}`, pin: `pin${(i * 7919) % 50_000}` };
  return `${JSON.stringify(save)}\n`;
}

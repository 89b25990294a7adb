import { setTimeout as pause } from 'node:timers/promises';
import { type LoadResult, openLoop } from '../api/open-loop.ts';
import { inTimeMs } from '../api/rate-search.ts';
import { startServer } from '../api/server-process.ts';
import { growthTraffic } from './growth-traffic.ts';
import type { GraphSize } from './graph-size.ts';

/** A server with the graph, under load. */
export interface Served {
  /** From the start of the process until it is ready. */
  readonly readySeconds: number;
  readonly residentBytes: number;
  readonly peakBytes: number;
  /** 50 requests a second, 400, and 200 beside 50 saves. */
  readonly calm: LoadResult;
  readonly busy: LoadResult;
  readonly besideWrites: LoadResult;
  readonly writes: LoadResult;
  /** Requests at 100 a second while the server builds a new snapshot and swaps to it. */
  readonly whileBuilding: LoadResult;
  readonly buildAndSwapSeconds: number;
}

const connections = 256;

export async function serveGraph(
  data: string,
  size: GraphSize,
  seconds: number,
  report: (what: string) => void,
): Promise<Served> {
  const started = performance.now();
  const server = await startServer(data, ['--rate-limit-per-minute', '0']);
  try {
    while ((await fetch(`http://127.0.0.1:${server.port}/readyz`)).status !== 200) await pause(20);
    const readySeconds = (performance.now() - started) / 1000;
    const { read, write } = growthTraffic(size, 1);
    const load = async (rate: number, next: typeof read, duration = seconds): Promise<LoadResult> =>
      openLoop({ port: server.port, rate, seconds: duration, connections, inTimeMs, next, now });
    await load(50, read);
    const calm = await load(50, read);
    const residentBytes = server.residentBytes();
    report('400 requests/s');
    const busy = await load(400, read);
    report('200 requests/s beside 50 saves/s');
    const [besideWrites, writes] = await Promise.all([load(200, read), load(50, write)]);
    report('build and swap under load');
    const [whileBuilding, buildAndSwapSeconds] = await untilDone(buildAndSwap(server.port), () =>
      load(100, read, 5),
    );
    const peakBytes = server.peakBytes();
    return {
      readySeconds,
      residentBytes,
      peakBytes,
      calm,
      busy,
      besideWrites,
      writes,
      whileBuilding,
      buildAndSwapSeconds,
    };
  } finally {
    await server.stop();
  }
}

/** Seconds of a build of the database's present rows, until the server serves it. */
async function buildAndSwap(port: number): Promise<number> {
  const started = performance.now();
  const url = `http://127.0.0.1:${port}/v1`;
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/snapshots`, { method: 'POST', headers, body: '{}' });
  let job = (await response.json()) as { id: string; state: string };
  while (job.state === 'running') {
    await pause(200);
    job = (await (await fetch(`${url}/jobs/${job.id}`)).json()) as typeof job;
  }
  if (job.state !== 'done') throw new Error(`the build ended as ${JSON.stringify(job)}`);
  return (performance.now() - started) / 1000;
}

/** Repeats a load until the work is done. Returns the load with the longest p99, all counts summed. */
async function untilDone(
  work: Promise<number>,
  load: () => Promise<LoadResult>,
): Promise<[LoadResult, number]> {
  const loads: LoadResult[] = [];
  const pending = Symbol('pending');
  let ended: number | typeof pending;
  do {
    loads.push(await load());
    ended = await Promise.race([work, pause(0, pending)]);
  } while (ended === pending);
  const worst = loads.toSorted((a, b) => b.answered.p99 - a.answered.p99)[0]!;
  const statuses: Record<number, number> = {};
  for (const each of loads) {
    for (const [status, count] of Object.entries(each.statuses)) {
      statuses[Number(status)] = (statuses[Number(status)] ?? 0) + count;
    }
  }
  const sum = (of: (each: LoadResult) => number): number =>
    loads.reduce((total, each) => total + of(each), 0);
  return [{ ...worst, statuses, sent: sum(({ sent }) => sent), failed: sum(({ failed }) => failed) }, ended];
}

function now(): number {
  return performance.now();
}

import { setTimeout as pause } from 'node:timers/promises';
import type { DataFolder } from '../../graph-data/index.ts';
import { type LoadResult, type Percentiles, openLoop, percentiles } from './api/open-loop.ts';
import { getJson, probeAll } from './api/probe.ts';
import { type SoakTraffic, soakTraffic } from './api/soak-traffic.ts';

interface BesideOptions {
  readonly folder: DataFolder;
  readonly port: number;
  readonly seconds: number;
}

const connections = 64;
const inTimeMs = 60;
const reads = 200;
const writes = 50;
const singleEveryMs = 20;
const pollMs = 100;

/**
 * From the 201 of a save to the response that reflects it, at 200 reads and 50 writes a second, after a sixth of that time under
 * the same load: the first requests compile code, and have the texts of pins indexed.
 */
export async function saveToAnswer({ folder, port, seconds }: BesideOptions): Promise<Percentiles> {
  const traffic = soakTraffic(folder.root);
  const warmUpSeconds = seconds / 6;
  const load = async (rate: number, next: SoakTraffic['read']): Promise<LoadResult> =>
    openLoop({ port, rate, seconds: warmUpSeconds + seconds, connections, inTimeMs, next, now });
  const probe = async (): Promise<number[]> => {
    await pause(1_000 * warmUpSeconds);
    return probeAll({ port, traffic, count: 10 * seconds, seconds });
  };
  const [, , times] = await Promise.all([load(reads, traffic.read), load(writes, traffic.write), probe()]);
  return percentiles(times);
}

/** Until no job runs: the server rebuilds its graph once many saves were written. */
export async function untilIdle(port: number): Promise<void> {
  const isBusy = async (): Promise<boolean> => {
    const { jobs } = await getJson<{ readonly jobs: readonly { readonly state: string }[] }>(
      port,
      '/v1/jobs',
    );
    return jobs.some(({ state }) => state === 'running');
  };
  while (await isBusy()) await pause(pollMs);
}

/** How long single saves wait, one after another, while large requests are written. */
export async function singlesBeside(
  large: Promise<unknown>,
  single: () => Promise<unknown>,
): Promise<Percentiles> {
  const times: number[] = [];
  const over = new AbortController();
  const ended = large.finally(() => over.abort());
  while (!over.signal.aborted) {
    const started = now();
    await single();
    times.push(now() - started);
    await pause(singleEveryMs);
  }
  await ended;
  return percentiles(times);
}

function now(): number {
  return performance.now();
}

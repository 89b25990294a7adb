import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { nextBelow, randomStream, saveCount } from '../../../engine/index.ts';
import {
  Store,
  activeVersion,
  listSnapshots,
  loadActiveSnapshot,
  openDataFolder,
} from '../../../graph-data/index.ts';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { print, printJson } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { type LoadResult, openLoop } from './open-loop.ts';
import { runCommand, startServer } from './server-process.ts';
import { measureOverhead } from './overhead.ts';

interface BenchOptions {
  data?: string;
  sample: 'npm' | 'synthetic';
  seconds: number;
  overloadSeconds: number;
  json?: true;
}

/** The goal is the highest rate at which 99 % of requests succeed within this time. */
const inTimeMs = 60;
const inTimeMin = 0.99;
/** A rate counts as too high only after this many failures, since other processes use the machine too. */
const triesMax = 2;
const swapPairs = 3;
const firstRate = 100;
const connections = 256;

await new Command('bench:api')
  .description('Load test of the real server process: related pins at fixed request rates.')
  .option('--data <dir>', 'data folder whose downloaded sample is reused')
  .option('--sample <name>', 'npm or synthetic', 'npm')
  .option('--seconds <n>', 'duration of each rate', integer(1), 20)
  .option(
    '--overload-seconds <n>',
    'duration of the overload, at twice the sustainable rate',
    integer(1),
    600,
  )
  .addOption(jsonOption())
  .action(async (options: BenchOptions) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const report = await measure(path.join(temporary, 'data'), options);
      if (options.json === true) printJson(report);
      else printReport(report);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

interface Report {
  readonly machine: string;
  readonly overhead: Awaited<ReturnType<typeof measureOverhead>>;
  /** All rates tried; `sustainable` is the highest that met the goal. */
  readonly tried: readonly LoadResult[];
  readonly sustainable: LoadResult;
  readonly overload: LoadResult & { readonly residentMb: readonly number[] };
  /** Alternating runs at half the sustainable rate, without and with a swap. */
  readonly swaps: readonly (readonly [steady: LoadResult, swapping: LoadResult])[];
}

async function measure(data: string, options: BenchOptions): Promise<Report> {
  logProgress('import and two builds');
  const downloads = options.data === undefined ? undefined : openDataFolder(options.data).downloads;
  if (downloads !== undefined && existsSync(downloads)) {
    cpSync(downloads, openDataFolder(data).downloads, { recursive: true });
  }
  await runCommand('sample', options.sample, '--data', data);
  // Two snapshots of the same graph for the swap: without the analysis, the file differs.
  await runCommand('build', '--data', data, '--no-analysis');
  await runCommand('build', '--data', data, '--analysis');
  const nextPath = relatedPaths(data);
  const server = await startServer(data);
  try {
    const load = async (rate: number, seconds = options.seconds): Promise<LoadResult> => {
      logProgress(`${rate} requests/s for ${seconds} s`);
      const result = await openLoop({
        port: server.port,
        rate,
        seconds,
        connections,
        inTimeMs,
        next: () => ({ path: nextPath() }),
        now,
      });
      logProgress(
        `  p50 ${result.answered.p50.toFixed(1)} ms, p99 ${result.answered.p99.toFixed(1)} ms, ${JSON.stringify(result.statuses)}`,
      );
      return result;
    };
    await load(firstRate); // warms up
    logProgress('one request at a time');
    const overhead = await measureOverhead(server.port, nextPath, now);
    const tried = await findSustainable(load);
    const sustainable = tried.filter(isSustained).toSorted((a, b) => b.rate - a.rate)[0] ?? tried[0]!;
    const residentMb: number[] = [];
    const watch = setInterval(() => residentMb.push(Math.round(server.residentBytes() / 1e6)), 10_000);
    residentMb.push(Math.round(server.residentBytes() / 1e6));
    const overload = await load(2 * sustainable.rate, options.overloadSeconds);
    clearInterval(watch);
    const half = Math.round(sustainable.rate / 2);
    const swaps: [LoadResult, LoadResult][] = [];
    for (let pair = 0; pair < swapPairs; pair++) {
      const steady = await load(half);
      const [swapping] = await Promise.all([load(half), swapTo(otherVersion(data), server.port)]);
      swaps.push([steady, swapping]);
    }
    return {
      machine: describeMachine(),
      overhead,
      tried,
      sustainable,
      overload: { ...overload, residentMb },
      swaps,
    };
  } finally {
    await server.stop();
  }
}

/** Doubles the rate until it is too high, then bisects. */
async function findSustainable(load: (rate: number) => Promise<LoadResult>): Promise<LoadResult[]> {
  const tried: LoadResult[] = [];
  let low = 0;
  let high = Infinity;
  for (let rate = firstRate; tried.length < 20 && (high === Infinity || high - low > 0.04 * high);) {
    let isMet = false;
    for (let attempt = 0; attempt < triesMax && !isMet; attempt++) {
      const result = await load(rate);
      tried.push(result);
      isMet = isSustained(result);
    }
    if (isMet) low = rate;
    else high = rate;
    rate = Math.round(high === Infinity ? 2 * low : (low + high) / 2);
  }
  return tried;
}

function isSustained({ inTime, failed }: LoadResult): boolean {
  return inTime >= inTimeMin && failed === 0;
}

function otherVersion(data: string): string {
  const folder = openDataFolder(data);
  return listSnapshots(folder).find(({ version }) => version !== activeVersion(folder))!.version;
}

async function swapTo(version: string, port: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/v1/snapshots/${version}/activate`;
  const response = await fetch(url, { method: 'POST' });
  if (response.status !== 200) throw new Error(`the swap failed with status ${response.status}`);
}

/** Paths of queries for pins drawn by degree, each with its own seed, so that no two are identical. */
function relatedPaths(data: string): () => string {
  const folder = openDataFolder(data);
  const { graph } = loadActiveSnapshot(folder, () => {});
  const store = Store.open(folder);
  const stream = randomStream(1, 0, 0);
  const keys = Array.from({ length: 20_000 }, () => {
    const pin = graph.boardToPin.neighbors[nextBelow(stream, saveCount(graph))]!;
    return encodeURIComponent(store.keyAt('pins', pin) ?? '');
  }).filter((key) => key !== '');
  store.close();
  let count = 0;
  return () => `/v1/pins/${keys[count % keys.length]}/related?limit=20&randomSeed=${++count}`;
}

function printReport({ machine, overhead, tried, overload, swaps }: Report): void {
  print(`${machine}\n`);
  print('| load | rate | answered | p50 ms | p99 ms | refused | p50 ms | p99 ms | failed |');
  print('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const result of tried) printRow(isSustained(result) ? 'sustained' : 'too high', result);
  printRow('twice the sustainable rate', overload);
  for (const [steady, swapping] of swaps) {
    printRow('half the sustainable rate', steady);
    printRow('the same, with a swap', swapping);
  }
  const { residentMb } = overload;
  print(
    `\nResident memory under overload: ${residentMb[0]} MB at the start, ${residentMb.at(-1)} MB at the end, ${Math.max(...residentMb)} MB at most.`,
  );
  print(
    `One request at a time (${overhead.requests} requests): ${overhead.totalMs.toFixed(2)} ms, walk ${overhead.walkMs.toFixed(2)} ms, rest with loopback and client ${overhead.restMs.toFixed(2)} ms (medians); rest within the server ${overhead.serverRestMs.toFixed(2)} ms (mean).`,
  );
}

function printRow(name: string, { rate, answered, refused, statuses, failed }: LoadResult): void {
  const cells = [
    name,
    rate,
    statuses[200] ?? 0,
    answered.p50.toFixed(1),
    answered.p99.toFixed(1),
    statuses[503] ?? 0,
    refused.p50.toFixed(1),
    refused.p99.toFixed(1),
    failed,
  ];
  print(`| ${cells.join(' | ')} |`);
}

function logProgress(what: string): void {
  process.stderr.write(`bench:api: ${what}\n`);
}

function now(): number {
  return performance.now();
}

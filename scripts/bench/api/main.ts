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
import { integer, jsonOption } from '../../options.ts';
import { print, printJson } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { type LoadResult, openLoop } from './open-loop.ts';
import { type ServerProcess, runCommand, startServer } from './server-process.ts';
import { measureOverhead } from './overhead.ts';

interface BenchOptions {
  data?: string;
  sample: 'npm' | 'synthetic';
  seconds: number;
  overloadSeconds: number;
  json?: true;
}

/** The goal: the highest rate whose 99th percentile stays under this. */
const p99MsMax = 60;
const firstRate = 100;
const connections = 256;

await new Command('bench:api')
  .description('Measures the server under load: the real process, requests at fixed rates, related pins.')
  .option('--data <dir>', 'a data folder whose downloads are used, so that the sample is not fetched again')
  .option('--sample <name>', 'npm or synthetic', 'npm')
  .option('--seconds <n>', 'how long each rate is held', integer(1), 20)
  .option('--overload-seconds <n>', 'how long twice the sustainable rate is held', integer(1), 600)
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
  /** Every rate that was tried; `sustainable` is the highest that kept to the goal without a refusal. */
  readonly tried: readonly LoadResult[];
  readonly sustainable: LoadResult;
  readonly overload: LoadResult & { readonly residentMb: readonly number[] };
  readonly steady: LoadResult;
  readonly swapping: LoadResult;
}

async function measure(data: string, options: BenchOptions): Promise<Report> {
  tell('import and build, twice');
  const downloads = options.data === undefined ? undefined : openDataFolder(options.data).downloads;
  if (downloads !== undefined && existsSync(downloads)) {
    cpSync(downloads, openDataFolder(data).downloads, { recursive: true });
  }
  await runCommand('sample', options.sample, '--data', data);
  // The same graph twice, for the swap: without the analysis the file is another one.
  await runCommand('build', '--data', data, '--no-analysis');
  await runCommand('build', '--data', data, '--analysis');
  const nextPath = relatedPaths(data);
  const server = await startServer(data);
  try {
    const load = async (rate: number, seconds = options.seconds): Promise<LoadResult> => {
      tell(`${rate} requests/s for ${seconds} s`);
      const result = await openLoop({ port: server.port, rate, seconds, connections, nextPath, now });
      tell(
        `  p50 ${result.answered.p50.toFixed(1)} ms, p99 ${result.answered.p99.toFixed(1)} ms, ${JSON.stringify(result.statuses)}`,
      );
      return result;
    };
    await load(firstRate); // warms up
    tell('one request at a time');
    const overhead = await measureOverhead(server.port, nextPath, now);
    const tried = await findSustainable(load);
    const sustainable = tried.filter(isSustained).toSorted((a, b) => b.rate - a.rate)[0] ?? tried[0]!;
    const residentMb: number[] = [];
    const watch = setInterval(() => residentMb.push(Math.round(server.residentBytes() / 1e6)), 10_000);
    residentMb.push(Math.round(server.residentBytes() / 1e6));
    const overload = await load(2 * sustainable.rate, options.overloadSeconds);
    clearInterval(watch);
    const half = Math.round(sustainable.rate / 2);
    const steady = await load(half);
    const [swapping] = await Promise.all([load(half), swapBack(server, data)]);
    return {
      machine: describeMachine(),
      overhead,
      tried,
      sustainable,
      overload: { ...overload, residentMb },
      steady,
      swapping,
    };
  } finally {
    await server.stop();
  }
}

/** Doubles the rate until it is too high, then halves the gap four times. */
async function findSustainable(load: (rate: number) => Promise<LoadResult>): Promise<LoadResult[]> {
  const tried: LoadResult[] = [];
  let low = 0;
  let high = Infinity;
  for (let rate = firstRate; tried.length < 12 && high - low > 0.04 * high + 1;) {
    const result = await load(rate);
    tried.push(result);
    if (isSustained(result)) low = rate;
    else high = rate;
    rate = Math.round(high === Infinity ? 2 * low : (low + high) / 2);
  }
  return tried;
}

function isSustained({ answered, refused, failed }: LoadResult): boolean {
  return answered.p99 < p99MsMax && refused.max === 0 && failed === 0;
}

/** Activates the snapshot that is not served, by the command, as an operator does. */
async function swapBack(_server: ServerProcess, data: string): Promise<void> {
  const folder = openDataFolder(data);
  const other = listSnapshots(folder).find(({ version }) => version !== activeVersion(folder));
  await runCommand('snapshots', 'activate', other!.version, '--data', data);
}

/** The sample's pins, each as often as it has saves, every query with a seed of its own: no two are the same. */
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
  let asked = 0;
  return () => `/v1/pins/${keys[asked % keys.length]}/related?limit=20&randomSeed=${++asked}`;
}

function printReport({ machine, overhead, tried, overload, steady, swapping }: Report): void {
  print(`${machine}\n`);
  print('| load | rate | p50 ms | p99 ms | refused | p99 ms of these | failed |');
  print('| --- | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const result of tried) printRow(isSustained(result) ? 'kept' : 'too high', result);
  printRow('twice what is kept', overload);
  printRow('half of it', steady);
  printRow('half of it, with a swap', swapping);
  const { residentMb } = overload;
  print(
    `\nResident memory while overloaded: ${residentMb[0]} MB at first, ${residentMb.at(-1)} MB at last, ${Math.max(...residentMb)} MB at most.`,
  );
  print(
    `One request at a time, over ${overhead.requests}: ${overhead.totalMs.toFixed(2)} ms, of which walking ${overhead.walkMs.toFixed(2)}; all else, the loopback and the client included, ${overhead.restMs.toFixed(2)} (medians).`,
  );
}

function printRow(name: string, { rate, answered, refused, statuses, failed }: LoadResult): void {
  const cells = [
    name,
    rate,
    answered.p50.toFixed(1),
    answered.p99.toFixed(1),
    statuses[503] ?? 0,
    refused.p99.toFixed(1),
    failed,
  ];
  print(`| ${cells.join(' | ')} |`);
}

function tell(what: string): void {
  process.stderr.write(`bench:api: ${what}\n`);
}

function now(): number {
  return performance.now();
}

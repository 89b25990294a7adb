import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { activeVersion, listSnapshots, openDataFolder } from '../../../graph-data/index.ts';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { print, printJson } from '../../output.ts';
import { describeMachine, median } from '../case.ts';
import { resultsOption, writeResults } from '../results.ts';
import { type LoadResult, openLoop } from './open-loop.ts';
import { measureOverhead } from './overhead.ts';
import { RateSearch, inTimeMs, isSustained } from './rate-search.ts';
import { relatedPaths } from './related-paths.ts';
import { copyDownloads } from './sample-folder.ts';
import { runCommand, startFixedAnswer, startServer } from './server-process.ts';

interface BenchOptions {
  data?: string;
  sample: 'npm' | 'synthetic';
  seconds: number;
  overloadSeconds: number;
  small?: true;
  json?: true;
  results?: string;
}

/** Sizes of a real run, and of a smoke test. */
const full = {
  firstRate: 100,
  precision: 0.04,
  loadsMax: 20,
  requestsOneByOne: 2_000,
  swapPairs: 3,
  sample: [],
};
const small = {
  firstRate: 10,
  precision: 0.04,
  loadsMax: 2,
  requestsOneByOne: 20,
  swapPairs: 1,
  sample: ['--pins', '2000', '--boards', '4000', '--saves', '40000'],
};
/** As many a second as the fixed answer is asked for first: far fewer than it sustains. */
const fixedFirstFactor = 8;
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
  .option('--small', 'few and slow requests, as a smoke test of the synthetic sample')
  .addOption(jsonOption())
  .addOption(resultsOption())
  .action(async (options: BenchOptions) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const report = await measure(path.join(temporary, 'data'), options);
      writeResults(options.results, report);
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
  /** Processor time of a request at half the sustainable rate, all threads together. */
  readonly cpuMs: { readonly server: number; readonly fixedAnswer: number };
  /** The sustainable rate as a share of that of an Express app that sends a fixed answer of the same size. */
  readonly rateRatio: number;
  /** All rates tried; `sustainable` is the highest that met the goal. */
  readonly tried: readonly LoadResult[];
  readonly sustainable: LoadResult;
  readonly fixedAnswer: { readonly bytes: number; readonly sustainable: LoadResult };
  readonly overload: LoadResult & { readonly residentMb: readonly number[] };
  /** Alternating runs at half the sustainable rate, without and with a swap. */
  readonly swaps: readonly (readonly [steady: LoadResult, swapping: LoadResult])[];
}

async function measure(data: string, options: BenchOptions): Promise<Report> {
  logProgress('import and two builds');
  copyDownloads(options.data, openDataFolder(data));
  const sizes = options.small === true ? small : full;
  await runCommand('sample', options.sample, '--data', data, ...sizes.sample);
  // Two snapshots of the same graph for the swap: without the analysis, the file differs.
  await runCommand('build', '--data', data, '--no-analysis');
  await runCommand('build', '--data', data, '--analysis');
  const nextPath = relatedPaths(data);
  const server = await startServer(data);
  const answer = await fetch(`http://127.0.0.1:${server.port}${nextPath()}`);
  const body = await answer.text();
  const fixed = await startFixedAnswer(body);
  try {
    const loadOn = async (port: number, rate: number, seconds: number): Promise<LoadResult> => {
      logProgress(`${rate} requests/s for ${seconds} s${port === fixed.port ? ', fixed answer' : ''}`);
      const result = await openLoop({
        port,
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
    const load = (rate: number, seconds = options.seconds): Promise<LoadResult> =>
      loadOn(server.port, rate, seconds);
    await load(sizes.firstRate); // warms up
    logProgress('one request at a time');
    const overhead = await measureOverhead(server.port, nextPath, sizes.requestsOneByOne, now);
    const { firstRate, precision, loadsMax } = sizes;
    const search = new RateSearch(firstRate, precision, loadsMax);
    const fixedSearch = new RateSearch(fixedFirstFactor * firstRate, precision, loadsMax);
    // In turn, so that both find the machine at the same speed.
    while (!search.isDone || !fixedSearch.isDone) {
      if (!search.isDone) search.record(await load(search.rate));
      if (!fixedSearch.isDone)
        fixedSearch.record(await loadOn(fixed.port, fixedSearch.rate, options.seconds));
    }
    const { tried, sustainable } = search;
    const residentMb: number[] = [];
    const watch = setInterval(() => residentMb.push(Math.round(server.residentBytes() / 1e6)), 10_000);
    residentMb.push(Math.round(server.residentBytes() / 1e6));
    const overload = await load(2 * sustainable.rate, options.overloadSeconds);
    clearInterval(watch);
    const half = Math.round(sustainable.rate / 2);
    const cpuMs = async ({ port, cpuMs: read }: typeof fixed): Promise<number> => {
      const before = read();
      const { sent } = await loadOn(port, half, options.seconds);
      return (read() - before) / sent;
    };
    const cpu = { server: await cpuMs(server), fixedAnswer: await cpuMs(fixed) };
    const swaps: [LoadResult, LoadResult][] = [];
    for (let pair = 0; pair < sizes.swapPairs; pair++) {
      const steady = await load(half);
      const [swapping] = await Promise.all([load(half), swapTo(otherVersion(data), server.port)]);
      swaps.push([steady, swapping]);
    }
    return {
      machine: describeMachine(),
      overhead,
      cpuMs: cpu,
      rateRatio: sustainable.rate / fixedSearch.sustainable.rate,
      tried,
      sustainable,
      fixedAnswer: { bytes: Buffer.byteLength(body), sustainable: fixedSearch.sustainable },
      overload: { ...overload, residentMb },
      swaps,
    };
  } finally {
    await fixed.stop();
    await server.stop();
  }
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

function printReport(report: Report): void {
  const { machine, overhead, tried, fixedAnswer, overload, swaps } = report;
  print(`${machine}\n`);
  printRatios(report);
  print('| load | rate | answered | p50 ms | p99 ms | refused | p50 ms | p99 ms | failed |');
  print('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const result of tried) printRow(isSustained(result) ? 'sustained' : 'too high', result);
  printRow('highest rate of the fixed answer', fixedAnswer.sustainable);
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

function printRatios({ overhead, cpuMs, rateRatio, fixedAnswer, overload, swaps }: Report): void {
  const swapRatio = median(
    swaps.map(([steady, swapping]) => swapping.answered.p99 / Math.max(steady.answered.p99, 1e-3)),
  );
  const lost = swaps.reduce((sum, [, { statuses, failed }]) => sum + (statuses[503] ?? 0) + failed, 0);
  const cpuText = `${cpuMs.fixedAnswer.toFixed(2)} ms / ${cpuMs.server.toFixed(2)} ms`;
  print('| ratio | value |');
  print('| --- | ---: |');
  print(`| highest rate / rate of a fixed answer of ${fixedAnswer.bytes} bytes | ${rateRatio.toFixed(3)} |`);
  print(
    `| processor time of a fixed answer / of a request (${cpuText}) | ${(cpuMs.fixedAnswer / cpuMs.server).toFixed(3)} |`,
  );
  print(
    `| one request at a time / its walk | ${(overhead.totalMs / Math.max(overhead.walkMs, 1e-3)).toFixed(2)} |`,
  );
  print(`| refusals at twice the highest rate: p99 | ${overload.refused.p99.toFixed(1)} ms |`);
  print(`| p99 with a swap / without, half the highest rate, median | ${swapRatio.toFixed(2)} |`);
  print(`| refused or failed in ${swaps.length} swaps | ${lost} |\n`);
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

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { nextBelow, nextUnit, randomStream, saveCount } from '../../../../engine/index.ts';
import {
  type DataFolder,
  Store,
  loadActiveSnapshot,
  openDataFolder,
  readInteractions,
} from '../../../../graph-data/index.ts';
import { integer, jsonOption } from '../../../commands/shared/options.ts';
import { grid, print, printJson, thousands } from '../../../output.ts';
import { describeMachine } from '../../case.ts';
import { type LoadRequest, type LoadResult, openLoop } from '../open-loop.ts';
import { runCommand, startScript, startServer } from '../server-process.ts';
import { type FloodResult, flood, rowsOfList } from './flood.ts';
import { type ThreadSeconds, ownSeconds, threadKinds, threadSeconds } from './processor-time.ts';

interface Options {
  readonly rate: number;
  readonly reads: number;
  readonly saves: number;
  readonly seconds: number;
  readonly pairs: number;
  readonly rows: number;
  readonly form: 'array' | 'lines';
  readonly pins: number;
  readonly floor?: true;
  readonly json?: true;
}

/** What reads and saves got: without a flood, beside one, and beside one that another process reads and discards. */
interface Pair {
  readonly quiet: Phase;
  readonly flooded: FloodedPhase;
  readonly floor?: FloodedPhase;
}

type FloodedPhase = Phase & { readonly flood: FloodResult };

interface Phase {
  readonly reads: LoadResult;
  readonly saves: LoadResult;
  /** Processor time of the clients that read and save, and of the server. */
  readonly seconds: ThreadSeconds & { readonly clients: number };
}

await new Command('bench:interactions')
  .description(
    'Benchmark of a flood of interactions: latencies of reads and saves beside it and, in turn, without it. Fails if a request fails, or if ' +
      'the stored interactions are not those that were acknowledged.',
  )
  .option('--rate <n>', 'interactions per second', integer(1), 20_000)
  .option('--reads <n>', 'reads per second: nine in ten are related pins', integer(1), 500)
  .option('--saves <n>', 'saves per second', integer(1), 20)
  .option('--seconds <n>', 'seconds of each phase', integer(1), 60)
  .option('--pairs <n>', 'phases with a flood, and as many without', integer(1), 5)
  .option('--rows <n>', `interactions of a request, a multiple of ${rowsOfList}`, integer(rowsOfList), 1_000)
  .addOption(new Option('--form <form>', 'of the body').choices(['array', 'lines']).default('array'))
  .option('--pins <n>', 'pins of the synthetic graph', integer(100), 100_000)
  .option(
    '--floor',
    'a third phase: the flood goes to a process that discards it, so what is left is the cost of sending',
  )
  .addOption(jsonOption())
  .action(async (given: Options) => {
    const options = { ...given, rows: given.rows - (given.rows % rowsOfList) };
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const { pairs, stored } = await run(path.join(temporary, 'data'), options);
      const faults = faultsOf(pairs, stored);
      const report = {
        ratios: ratiosOf(pairs, 'reads'),
        saveRatios: ratiosOf(pairs, 'saves'),
        floorRatios: ratiosOf(pairs, 'reads', 'floor'),
        stored,
        faults,
      };
      if (options.json === true) printJson({ machine: describeMachine(), options, pairs, ...report });
      else printReport(options, pairs, report);
      if (faults.length > 0) process.exitCode = 1;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

async function run(data: string, options: Options): Promise<{ pairs: Pair[]; stored: number }> {
  const { pins, pairs: count } = options;
  const sizes = ['--pins', String(pins), '--boards', String(pins), '--saves', String(10 * pins)];
  await runCommand('sample', 'synthetic', '--data', data, ...sizes);
  await runCommand('build', '--data', data);
  const folder = openDataFolder(data);
  const traffic = trafficOf(folder);
  const server = await startServer(data, ['--rate-limit-per-minute', '0']);
  const pairs: Pair[] = [];
  try {
    const measure = async (): Promise<Phase> => {
      const load = async (rate: number, next: () => LoadRequest): Promise<LoadResult> => {
        const { port } = server;
        return openLoop({ port, rate, seconds: options.seconds, connections: 64, inTimeMs: 60, next, now });
      };
      const [clients, threads] = [ownSeconds(), threadSeconds(server.pid)];
      const [reads, saves] = await Promise.all([
        load(options.reads, traffic.read),
        load(options.saves, traffic.save),
      ]);
      const after = threadSeconds(server.pid);
      const seconds = Object.fromEntries(threadKinds.map((kind) => [kind, after[kind] - threads[kind]]));
      return {
        reads,
        saves,
        seconds: { ...(seconds as unknown as ThreadSeconds), clients: ownSeconds() - clients },
      };
    };
    const beside = async (port: number, seed: number): Promise<FloodedPhase> => {
      const [phase, own] = await Promise.all([measure(), flood({ ...floodOf(options, port), seed })]);
      return { ...phase, flood: own };
    };
    // Caches fill, and code is compiled.
    await flood({ ...floodOf(options, server.port), seconds: Math.min(10, options.seconds), seed: 0 });
    await measure();
    while (pairs.length < count) {
      const quiet = await measure();
      const flooded = await beside(server.port, pairs.length + 1);
      if (options.floor === undefined) {
        pairs.push({ quiet, flooded });
        continue;
      }
      const sink = await startScript(path.join(import.meta.dirname, 'sink.ts'));
      pairs.push({ quiet, flooded, floor: await beside(sink.port, 0) });
      await sink.stop();
    }
  } finally {
    await server.stop();
  }
  let stored = 0;
  for (const { recommendationId } of readInteractions(folder))
    if (recommendationId?.startsWith('flood-0-') === false) stored++;
  return { pairs, stored };
}

function floodOf(
  { rate, rows, seconds, form }: Options,
  port: number,
): Omit<Parameters<typeof flood>[0], 'seed'> {
  return { port, rowsPerSecond: rate, rowsPerRequest: rows, seconds, isStream: form === 'lines' };
}

/** Reads of pins, each as often as it has saves, and saves of the same pins. */
function trafficOf(folder: DataFolder): {
  readonly read: () => LoadRequest;
  readonly save: () => LoadRequest;
} {
  const { graph } = loadActiveSnapshot(folder, () => {});
  const store = Store.open(folder);
  const random = randomStream(19);
  const nextPin = (): string =>
    store.keyAt('pins', graph.boardToPin.neighbors[nextBelow(random, saveCount(graph))]!)!;
  let [reads, saves] = [0, 0];
  return {
    read: () => {
      const pin = `/v1/pins/${encodeURIComponent(nextPin())}`;
      return { path: nextUnit(random) < 0.9 ? `${pin}/related?randomSeed=${++reads}` : pin };
    },
    save: () => {
      const body = JSON.stringify({
        user: `saver ${++saves % 100}`,
        board: `board ${saves % 500}`,
        pin: nextPin(),
      });
      return { path: '/v1/saves', method: 'POST', body };
    },
  };
}

/** p99 beside a flood by that before it, pair by pair, in ascending order. */
function ratiosOf(
  pairs: readonly Pair[],
  of: 'reads' | 'saves',
  phase: 'flooded' | 'floor' = 'flooded',
): number[] {
  return pairs
    .flatMap(({ quiet, [phase]: beside }) =>
      beside === undefined ? [] : [beside[of].answered.p99 / quiet[of].answered.p99],
    )
    .toSorted((a, b) => a - b);
}

/** Reasons why the latencies are meaningless. */
function faultsOf(pairs: readonly Pair[], stored: number): string[] {
  const faults: string[] = [];
  const expect = (
    name: string,
    status: number,
    { statuses, failed }: Pick<LoadResult, 'statuses' | 'failed'>,
  ): void => {
    const others = Object.entries(statuses).filter(([each]) => Number(each) !== status);
    for (const [each, count] of others) faults.push(`${name}: ${count} responses ${each}`);
    if (failed > 0) faults.push(`${name}: ${failed} without a response`);
  };
  for (const { quiet, flooded } of pairs) {
    for (const phase of [quiet, flooded]) {
      expect('reads', 200, phase.reads);
      expect('saves', 201, phase.saves);
    }
    expect('flood', 202, flooded.flood);
  }
  const acknowledged = pairs.reduce((sum, { flooded }) => sum + flooded.flood.rows, 0);
  if (stored !== acknowledged)
    faults.push(`${acknowledged} interactions were acknowledged, ${stored} are stored`);
  return faults;
}

function printReport(
  { rate, reads, rows, form }: Options,
  pairs: readonly Pair[],
  {
    ratios,
    saveRatios,
    floorRatios,
    stored,
    faults,
  }: {
    ratios: number[];
    saveRatios: number[];
    floorRatios: number[];
    stored: number;
    faults: string[];
  },
): void {
  print(
    `${thousands(rate)} interactions/s in ${form} of ${rows}, beside ${reads} reads/s, ${describeMachine()}\n`,
  );
  const cells = pairs.map(({ quiet, flooded }) =>
    [quiet.reads, flooded.reads, quiet.saves, flooded.saves, flooded.flood].flatMap(
      ({ answered: { p50, p99 } }) => [p50.toFixed(1), p99.toFixed(1)],
    ),
  );
  const header = [
    'reads p50 ms',
    'p99',
    'in the flood',
    'p99',
    'saves p50',
    'p99',
    'in the flood',
    'p99',
    'flood p50',
    'p99',
  ];
  for (const line of grid([header, ...cells])) print(line);
  print(`\np99 in the flood by that without it: reads ${range(ratios)}, saves ${range(saveRatios)}`);
  if (floorRatios.length > 0)
    print(`the same beside a flood that another process discards: reads ${range(floorRatios)}`);
  print('');
  for (const line of grid(processorTime(pairs))) print(line);
  print('');
  print(
    `${thousands(stored)} interactions are stored${faults.length === 0 ? ', all that were acknowledged' : ''}`,
  );
  for (const fault of faults) print(`FAULT: ${fault}`);
}

/** Per cent of a core, by phase: of the server's threads, of the clients that read and save, and of the sender. */
function processorTime(pairs: readonly Pair[]): string[][] {
  const phases = (['quiet', 'flooded', 'floor'] as const).flatMap((name) => {
    const all = pairs.flatMap(({ [name]: phase }) => phase ?? []);
    if (all.length === 0) return [];
    const share = (secondsOf: (phase: Phase | FloodedPhase) => number): string => {
      const ms = all.reduce((sum, { reads }) => sum + (1000 * reads.sent) / reads.rate, 0);
      return `${((100_000 * all.reduce((sum, phase) => sum + secondsOf(phase), 0)) / ms).toFixed(0)} %`;
    };
    const threads = threadKinds.map((kind) => share(({ seconds }) => seconds[kind]));
    const sender = share((phase) => ('flood' in phase ? phase.flood.seconds : 0));
    return [[name, ...threads, share(({ seconds }) => seconds.clients), sender]];
  });
  return [['of a core', ...threadKinds, 'clients', 'sender'], ...phases];
}

function range(ratios: readonly number[]): string {
  const middle = (ratios.length - 1) / 2;
  const median = (ratios[Math.floor(middle)]! + ratios[Math.ceil(middle)]!) / 2;
  return `${median.toFixed(2)} times (median; ${ratios[0]!.toFixed(2)} to ${ratios.at(-1)!.toFixed(2)})`;
}

function now(): number {
  return performance.now();
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { type Interval, nextBelow, nextUnit, percentileInterval, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  Store,
  activateSnapshot,
  buildSnapshot,
  importRows,
  openDataFolder,
  syntheticDefaults,
  syntheticRows,
} from '../../graph-data/index.ts';
import { CampaignStore } from '../../graph-data/campaigns/index.ts';
import { integer, jsonOption } from '../commands/shared/options.ts';
import { print, printJson } from '../output.ts';
import { startServer } from './api/server-process.ts';
import { describeMachine, median } from './case.ts';

interface Options {
  readonly pins: number;
  readonly boards: number;
  readonly saves: number;
  readonly campaigns: number;
  readonly requests: number;
  readonly json?: true;
}

/** Milliseconds of a request. */
interface Times {
  readonly median: number;
  readonly p99: number;
}

interface Report {
  readonly machine: string;
  readonly campaigns: number;
  readonly pairs: number;
  readonly without: Times;
  readonly with: Times;
  /** Median of the differences within the pairs, in milliseconds, with a 95 % interval. */
  readonly added: { readonly median: number; readonly low: number; readonly high: number };
  /** With its 95 % interval, by a bootstrap of blocks. */
  readonly p99Ratio: { readonly value: number } & Interval;
  /** Processor milliseconds of the server, all threads, by request. */
  readonly cpu: { readonly without: number; readonly with: number };
  /** Share of the requests with promoted slots that showed a promoted pin. */
  readonly filled: number;
}

type Kind = 'without' | 'with';

/** Requests of one kind at a time, so that processor time can be told apart. */
const blockSize = 50;
const warmUps = 1_000;
const resamples = 1_000;

await new Command('bench:promoted')
  .description('What two promoted slots add to a request for related pins while there are many campaigns.')
  .option('--pins <n>', 'pins of the generated graph', integer(100), syntheticDefaults.pins)
  .option('--boards <n>', 'boards', integer(100), syntheticDefaults.boards)
  .option('--saves <n>', 'saves', integer(1_000), syntheticDefaults.saves)
  .option('--campaigns <n>', 'active campaigns', integer(1), 10_000)
  .option('--requests <n>', 'pairs of requests, one without and one with slots', integer(10), 6_000)
  .addOption(jsonOption())
  .action(async ({ pins, boards, saves, campaigns, requests, json }: Options) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const folder = openDataFolder(path.join(temporary, 'data'));
      await importRows(folder, [{ name: 'synthetic', rows: syntheticRows({ pins, boards, saves }) }]);
      activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
      const keys = addCampaigns(folder, campaigns);
      const measured = await measure(folder, keys, requests);
      const report = { machine: describeMachine(), campaigns, ...measured };
      if (json === true) printJson(report);
      else printReport(report);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

/** Campaigns of random pins, a third of them with target pins. Returns keys to ask for. */
function addCampaigns(folder: DataFolder, count: number): readonly string[] {
  const stream = randomStream(1);
  const graph = Store.open(folder);
  const keys = graph.firstPinKeys(20_000);
  graph.close();
  const some = (): string => keys[nextBelow(stream, keys.length)]!;
  const store = new CampaignStore(folder, 5_000);
  for (let i = 0; i < count; i++) {
    const targets = i % 3 === 0 ? [some(), some(), some()] : [];
    const micros = 50_000 + Math.floor(1e6 * nextUnit(stream));
    store.put(
      `campaign-${i}`,
      {
        pins: [...new Set([some(), some()])],
        label: 'Promoted',
        targets: { interests: [], pins: targets, boards: [], searchTerms: [], excludeInterests: [] },
        surfaces: [],
        bid: { per: 'click', micros },
        dailyBudgetMicros: 1e12,
        totalBudgetMicros: null,
        timeZone: 'UTC',
        start: new Date(0).toISOString(),
        end: null,
        frequencyCap: { impressions: 3, hours: 24 },
        holdout: 0,
        paused: false,
      },
      [],
      Date.now(),
    );
  }
  store.close();
  return keys;
}

/**
 * Both kinds of a pair ask for the same pin, one after the other, in blocks of each kind. Chance decides which is first: where they took
 * turns, 22 of 24 collections of the main thread's garbage fell into requests of one kind.
 */
async function measure(
  folder: DataFolder,
  keys: readonly string[],
  pairs: number,
): Promise<Omit<Report, 'machine' | 'campaigns'>> {
  const server = await startServer(folder.root, ['--rate-limit-per-minute', '0']);
  const stream = randomStream(2);
  const url = `http://127.0.0.1:${server.port}/v1/recommendations`;
  let filled = 0;
  const send = async (pin: string, person: number, kind: Kind): Promise<number> => {
    const promoted = kind === 'with' ? { promoted: { slots: [3, 10] } } : {};
    const body = JSON.stringify({ query: [{ pin }], viewer: `person-${person}`, ...promoted });
    const started = performance.now();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    const took = performance.now() - started;
    if (!response.ok) throw new Error(text);
    if (text.includes('"promoted":')) filled++;
    return took;
  };
  const times: Record<Kind, number[]> = { without: [], with: [] };
  const cpuMs: Record<Kind, number> = { without: 0, with: 0 };
  try {
    // The first of both kinds compile, and make the index.
    for (let i = 0; i < Math.min(warmUps, pairs); i++)
      for (const kind of ['without', 'with'] as const) await send(keys[i % keys.length]!, i, kind);
    filled = 0;
    for (let done = 0; done < pairs; done += blockSize) {
      const pins = Array.from(
        { length: Math.min(blockSize, pairs - done) },
        () => keys[nextBelow(stream, keys.length)]!,
      );
      const isFirst = nextBelow(stream, 2) === 0;
      for (const kind of isFirst ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
        const before = server.cpuMs();
        for (const [i, pin] of pins.entries()) times[kind].push(await send(pin, warmUps + done + i, kind));
        cpuMs[kind] += server.cpuMs() - before;
      }
    }
  } finally {
    await server.stop();
  }
  const [without, promoted] = [timesOf(times.without), timesOf(times.with)];
  return {
    pairs,
    without,
    with: promoted,
    added: medianWithInterval(times.with.map((time, i) => time - times.without[i]!)),
    p99Ratio: { value: promoted.p99 / without.p99, ...p99Interval(times) },
    cpu: { without: cpuMs.without / pairs, with: cpuMs.with / pairs },
    filled: filled / pairs,
  };
}

function timesOf(all: readonly number[]): Times {
  return { median: median(all), p99: p99Of(all) };
}

function p99Of(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(0.99 * all.length)]!;
}

/** Of the ratio of both p99. Blocks of pairs are drawn, as slow requests come together. */
function p99Interval({ without, with: promoted }: Readonly<Record<Kind, readonly number[]>>): Interval {
  const stream = randomStream(3);
  const blocks = Math.ceil(without.length / blockSize);
  const ratios = Array.from({ length: resamples }, () => {
    const drawn = Array.from({ length: blocks }, () => blockSize * nextBelow(stream, blocks));
    const p99 = (times: readonly number[]): number =>
      p99Of(drawn.flatMap((from) => times.slice(from, from + blockSize)));
    return p99(promoted) / p99(without);
  });
  return percentileInterval(Float64Array.from(ratios), 0.95);
}

/** By order statistics, which assume nothing of the distribution: half the number of values, ± 0.98 of its root. */
function medianWithInterval(values: readonly number[]): Report['added'] {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const at = (rank: number): number => sorted[Math.max(0, Math.min(n - 1, Math.round(rank)))]!;
  const half = 0.98 * Math.sqrt(n);
  return { median: median(values), low: at(n / 2 - half), high: at(n / 2 + half) };
}

function printReport(report: Report): void {
  const { machine, campaigns, pairs, without, with: promoted, added, p99Ratio, cpu, filled } = report;
  print(`${machine}; ${campaigns} campaigns, ${pairs} pairs of requests\n`);
  print(`${''.padEnd(24)}${['median', 'p99', 'processor'].map((name) => name.padStart(13)).join('')}`);
  for (const [name, { median: middle, p99 }, each] of [
    ['without promoted slots', without, cpu.without],
    ['with two', promoted, cpu.with],
  ] as const) {
    print(`${name.padEnd(24)}${[middle, p99, each].map((value) => ms(value).padStart(13)).join('')}`);
  }
  print(`\nadded, within pairs: ${ms(added.median)} [${ms(added.low)}, ${ms(added.high)}]; p99: × ${p99Ratio.value.toFixed(2)} [${p99Ratio.low.toFixed(2)}, ${p99Ratio.high.toFixed(2)}]`); // prettier-ignore
  print(`${(100 * filled).toFixed(0)} % of the lists with slots have a promoted pin.`);
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

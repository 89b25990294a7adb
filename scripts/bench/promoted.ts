import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import { type DataFolder, CampaignStore, Store, openDataFolder } from '../../graph-data/index.ts';
import { integer, jsonOption } from '../commands/shared/options.ts';
import { print, printJson } from '../output.ts';
import { runCommand, startServer } from './api/server-process.ts';
import { copyDownloads } from './api/sample-folder.ts';
import { describeMachine, median } from './case.ts';

interface Options {
  data?: string;
  sample: 'npm' | 'synthetic';
  campaigns: number;
  requests: number;
  json?: true;
}

/** Milliseconds of a request. */
interface Times {
  readonly median: number;
  readonly p99: number;
}

interface Report {
  readonly machine: string;
  readonly campaigns: number;
  readonly without: Times;
  readonly with: Times;
  /** Share of the requests with promoted slots that showed a promoted pin. */
  readonly filled: number;
}

await new Command('bench:promoted')
  .description('What two promoted slots add to a request for related pins while there are many campaigns.')
  .option('--data <dir>', 'data folder whose downloaded sample is reused')
  .option('--sample <name>', 'npm or synthetic', 'npm')
  .option('--campaigns <n>', 'active campaigns', integer(1), 10_000)
  .option('--requests <n>', 'requests of each kind, in turn', integer(100), 3_000)
  .addOption(jsonOption())
  .action(async ({ data: from, sample, campaigns, requests, json }: Options) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const folder = openDataFolder(path.join(temporary, 'data'));
      copyDownloads(from, folder);
      await runCommand('sample', sample, '--data', folder.root);
      await runCommand('build', '--data', folder.root);
      const pins = addCampaigns(folder, campaigns);
      const report = { machine: describeMachine(), campaigns, ...(await measure(folder, pins, requests)) };
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
    store.put(
      `campaign-${i}`,
      {
        pins: [...new Set([some(), some()])],
        label: 'Promoted',
        targets: { interests: [], pins: targets, boards: [], excludeInterests: [] },
        surfaces: [],
        bid: { per: 'click', micros: 50_000 + Math.floor(1e6 * nextUnit(stream)) },
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

async function measure(
  folder: DataFolder,
  keys: readonly string[],
  requests: number,
): Promise<Omit<Report, 'machine' | 'campaigns'>> {
  const server = await startServer(folder.root, ['--rate-limit-per-minute', '0']);
  const stream = randomStream(2);
  const times = { without: [] as number[], with: [] as number[] };
  let filled = 0;
  const send = async (pin: string, i: number, kind: keyof typeof times): Promise<void> => {
    const promoted = kind === 'with' ? { promoted: { slots: [3, 10] } } : {};
    const body = JSON.stringify({ query: [{ pin }], viewer: `person-${i}`, ...promoted });
    const started = performance.now();
    const response = await fetch(`http://127.0.0.1:${server.port}/v1/recommendations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    times[kind].push(performance.now() - started);
    if (!response.ok) throw new Error(text);
    if (text.includes('"promoted":')) filled++;
  };
  try {
    // The first of both kinds compile, and make the index.
    for (let i = 0; i < 100; i++)
      for (const kind of ['without', 'with'] as const) await send(keys[i]!, i, kind);
    times.without.length = times.with.length = filled = 0;
    for (let i = 0; i < requests; i++) {
      const pin = keys[nextBelow(stream, keys.length)]!;
      const order = i % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
      for (const kind of order) await send(pin, 1_000 + i, kind);
    }
    return { without: timesOf(times.without), with: timesOf(times.with), filled: filled / requests };
  } finally {
    await server.stop();
  }
}

function timesOf(all: readonly number[]): Times {
  const sorted = all.toSorted((a, b) => a - b);
  return { median: median(all), p99: sorted[Math.floor(0.99 * sorted.length)]! };
}

function printReport({ machine, campaigns, without, with: promoted, filled }: Report): void {
  print(`${machine}; ${campaigns} campaigns\n`);
  print(`${''.padEnd(24)}${'median'.padStart(13)}${'p99'.padStart(13)}`);
  print(row('without promoted slots', without));
  print(row('with two', promoted));
  print(`\n${(100 * filled).toFixed(0)} % of the lists with slots have a promoted pin.`);
}

function row(name: string, { median: middle, p99 }: Times): string {
  return `${name.padEnd(24)}${middle.toFixed(2).padStart(10)} ms${p99.toFixed(2).padStart(10)} ms`;
}

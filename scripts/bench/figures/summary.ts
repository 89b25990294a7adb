/** Prints the table of the README from the results of `npm run figures`. */
import path from 'node:path';
import { bytesText, print, thousands } from '../../output.ts';
import type { LoadResult } from '../api/open-loop.ts';
import type { BenchCase } from '../case.ts';
import type { Grown } from '../growth/grow.ts';
import { type Origin, readResults } from '../results.ts';

interface Cases {
  readonly machine: string;
  readonly cases: readonly BenchCase[];
}

interface Requests {
  readonly sustainable: LoadResult;
  readonly rateRatio: number;
  readonly overhead: { readonly totalMs: number; readonly walkMs: number };
}

const [folder = 'docs/figures'] = process.argv.slice(2);
const read = (name: string): object | undefined => readResults(path.join(folder, `${name}.json`));

const bench = read('bench') as (Cases & Origin) | undefined;
if (bench === undefined) throw new Error(`${folder} has no results: run npm run figures first`);
const requests = read('requests') as (Requests & Origin) | undefined;
const writes = read('writes') as (Cases & Origin) | undefined;
const growth = read('growth') as ({ readonly grown: readonly Grown[] } & Origin) | undefined;

const answerCases = ['writes/save-to-answer/p50', 'writes/save-to-answer/p99'] as const;
const rows: string[][] = [];
if (requests !== undefined) {
  const { sustainable, rateRatio, overhead } = requests;
  rows.push(
    [
      '`related` over REST, 99 % of responses within 60 ms',
      `${thousands(sustainable.rate)} requests/s, p50 ${sustainable.answered.p50.toFixed(1)} ms`,
    ],
    ['the same against an Express app with a fixed answer', `${rateRatio.toFixed(2)} ×`],
    [
      'one request at a time',
      `${overhead.totalMs.toFixed(1)} ms, ${overhead.walkMs.toFixed(1)} of them walking`,
    ],
  );
}
rows.push(
  [
    'walk of 100,000 steps, 20 pins · on 20 M saves',
    bothOf(bench, 'query-100k/sample', 'query-100k/20M', ({ value }) => `${value.toPrecision(3)} ms`),
  ],
  ['kernel, against one walker · on 50 M saves', ratiosTo('one walker')],
  ['kernel, against native code with prefetch', ratiosTo('native, interleaved')],
);
if (writes !== undefined) {
  rows.push(
    [
      'save to recommendation, p50 · p99',
      bothOf(writes, ...answerCases, (each) => `${each.value.toFixed(1)} ms`),
    ],
    [
      'durable saves, NDJSON · batches of 1,000',
      bothOf(writes, 'writes/stream', 'writes/post-1000', rateText),
    ],
  );
}
rows.push([
  'import of 20 M saves · build · load',
  ['import/20M', 'build/20M', 'load/20M'].map((name) => rateText(caseOf(bench, name))).join(' · '),
]);
const largest = growth?.grown.at(-1);
if (largest !== undefined) {
  const { saves, stages, served } = largest;
  const seconds = (name: string): string =>
    Math.round(stages.find((stage) => stage.name === name)?.seconds ?? NaN).toString();
  rows.push([
    `${thousands(saves / 1e6)} M saves: import · build · ready · memory`,
    `${seconds('import')} s · ${seconds('build')} s · ${Math.round(served.readySeconds)} s · ${bytesText(served.residentBytes)}`,
  ]);
}
print(`${bench.machine}; ${datesText()}; the npm graph (2.3 M saves) unless noted.\n`);
print('| what (`npm run figures`) | measured |');
print('| --- | --- |');
for (const row of rows) print(`| ${row.join(' | ')} |`);

/** The date of most figures, and those of results of another day. docs/performance.md has the commits. */
function datesText(): string {
  const others = Object.entries({ requests, writes, growth }).filter(
    ([, results]) => results !== undefined && results.date !== bench!.date,
  );
  const byDate = Map.groupBy(others, ([, results]) => results!.date);
  const texts = [...byDate].map(([date, all]) => `${all.map(([name]) => name).join(' and ')} ${date}`);
  return [bench!.date, ...texts].join(', ');
}

function caseOf({ cases }: Cases, name: string): BenchCase {
  const found = cases.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the results have no case ${name}: run npm run figures again`);
  return found;
}

function bothOf(from: Cases, a: string, b: string, textOf: (each: BenchCase) => string): string {
  return [a, b].map((name) => textOf(caseOf(from, name))).join(' · ');
}

function ratiosTo(other: string): string {
  return bothOf(bench!, 'kernel/sample', 'kernel/50M', ({ ratios }) => {
    const ratio = ratios[other];
    return typeof ratio === 'number' ? `${ratio.toFixed(ratio < 1 ? 2 : 1)} ×` : 'not measured';
  });
}

function rateText({ value, unit }: BenchCase): string {
  return value >= 1e6 ? `${(value / 1e6).toFixed(1)} M ${unit}` : `${thousands(Math.round(value))} ${unit}`;
}

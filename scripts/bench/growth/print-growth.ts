import { bytesText, print, thousands } from '../../output.ts';
import type { LoadResult } from '../api/open-loop.ts';
import type { Origin } from '../results.ts';
import type { Grown } from './grow.ts';

type Row = readonly [name: string, cellOf: (grown: Measured) => string];
export type Measured = Grown & Origin;

/** Prints tables with a column for each size. */
export function printGrowth(machine: string, grown: readonly Measured[]): void {
  print(machine);
  print(
    '\nSeconds of each stage; in parentheses, the ratio to the line that theory gives from the smallest size:',
  );
  const smallest = grown[0]!;
  const timed = (name: string, line: (saves: number) => number, of: (each: Grown) => number): Row => [
    name,
    (each) => {
      const seconds = of(each);
      if (each === smallest) return seconds.toFixed(1);
      const expected = (of(smallest) * line(each.saves)) / line(smallest.saves);
      return `${seconds.toFixed(1)} (${(seconds / expected).toFixed(2)})`;
    },
  ];
  const stage = (name: string, line: (saves: number) => number): Row =>
    timed(`${name}: ${line === linear ? 'n' : 'n log n'}`, line, (each) => stageOf(each, name).seconds);
  printTable(grown, [
    stage('generate', linear),
    stage('import', sorting),
    stage('build', sorting),
    stage('verify', linear),
    timed('ready to serve: n', linear, ({ served }) => served.readySeconds),
    timed('build and swap under load: n log n', sorting, ({ served }) => served.buildAndSwapSeconds),
  ]);
  print('\nUp to 5 M saves, builds compute PageRank, communities and interests as well.');
  print('\nMemory at its peak, and disk:');
  printTable(grown, [
    ...['generate', 'import', 'build', 'verify'].map((name): Row => {
      return [`memory: ${name}`, (each) => bytesText(stageOf(each, name).peakBytes)];
    }),
    ['memory: served', ({ served }) => bytesText(served.residentBytes)],
    ['memory: built and swapped under load', ({ served }) => bytesText(served.peakBytes)],
    ['bytes of database a save', (each) => (stageOf(each, 'import').diskBytes / each.saves).toFixed(1)],
    ['bytes of snapshot a save', (each) => (stageOf(each, 'build').diskBytes / each.saves).toFixed(1)],
    ['bytes of memory served a save', ({ served, saves }) => (served.residentBytes / saves).toFixed(1)],
  ]);
  print('\nResponses: p50 / p99 in ms, share within 60 ms; refused and failed, if any:');
  printTable(grown, [
    ['50 requests/s', ({ served }) => loadText(served.calm)],
    ['400 requests/s', ({ served }) => loadText(served.busy)],
    ['200 requests/s beside the next', ({ served }) => loadText(served.besideWrites)],
    ['50 saves/s', ({ served }) => loadText(served.writes)],
    ['100 requests/s during build and swap', ({ served }) => loadText(served.whileBuilding)],
  ]);
  print('\nEstimates of `pinwalk estimate`, divided by the measured values:');
  printTable(grown, [
    [
      'bytes of the snapshot',
      (each) => (each.estimate.snapshotBytes / stageOf(each, 'build').diskBytes).toFixed(2),
    ],
    [
      'seconds of the build',
      (each) => (each.estimate.buildSeconds / stageOf(each, 'build').seconds).toFixed(2),
    ],
    [
      'memory of the build',
      (each) => (each.estimate.buildBytes / stageOf(each, 'build').peakBytes).toFixed(2),
    ],
    ['snapshot', ({ version }) => version],
    ['date', ({ date }) => date],
    ['commit', ({ commit }) => commit],
  ]);
}

function linear(saves: number): number {
  return saves;
}

function sorting(saves: number): number {
  return saves * Math.log(saves);
}

function stageOf({ stages }: Grown, name: string): Grown['stages'][number] {
  return stages.find((stage) => stage.name === name)!;
}

function printTable(grown: readonly Measured[], rows: readonly Row[]): void {
  print(`\n| saves | ${grown.map(({ saves }) => thousands(saves)).join(' | ')} |`);
  print(`| --- |${' ---: |'.repeat(grown.length)}`);
  for (const [name, cellOf] of rows) print(`| ${[name, ...grown.map(cellOf)].join(' | ')} |`);
}

function loadText({ answered, inTime, statuses, failed }: LoadResult): string {
  const refused = statuses[503] ?? 0;
  const times = `${answered.p50.toFixed(1)} / ${answered.p99.toFixed(1)}, ${(100 * inTime).toFixed(2)} %`;
  const lost = [refused > 0 ? `${refused} refused` : '', failed > 0 ? `${failed} failed` : ''];
  return [times, ...lost.filter((text) => text !== '')].join('; ');
}

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import {
  type DataFolder,
  type EngagementOptions,
  type EngagementReport,
  type Interaction,
  InteractionWriter,
  engagementReport,
  listMonths,
  openDataFolder,
  dayMs,
} from '../../../graph-data/index.ts';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { grid, print, printJson, thousands } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { daysOfLog, interactionLog } from './log.ts';
import { countsOf, recount } from './recount.ts';

const rowsPerCommit = 50_000;

interface Step {
  readonly step: string;
  readonly seconds: number;
  /** Of the processor, all threads. */
  readonly cpuSeconds: number;
  readonly daysCounted?: number;
}

await new Command('bench:reports')
  .description(
    'Benchmark of reports of engagement: writes a log, reports on it, and recounts it in plain SQL.',
  )
  .option('--interactions <n>', 'rows of the log', integer(1_000), 5_000_000)
  .option('--days <n>', 'days of the log', integer(10), 28)
  .option('--keep <folder>', 'keep the log in this data folder, or take the one that is there')
  .option('--no-recount', 'without the recount')
  .addOption(jsonOption())
  .action((options: { interactions: number; days: number; keep?: string; recount: boolean; json?: true }) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const root = options.keep ?? path.join(temporary, 'data');
      mkdirSync(root, { recursive: true });
      const { steps, isEqual } = run(openDataFolder(root), options, path.join(temporary, 'recount.db'));
      const machine = describeMachine();
      if (options.json === true) printJson({ machine, ...options, steps, isEqual });
      else {
        print(`${thousands(options.interactions)} interactions of ${options.days} days, ${machine}\n`);
        const cells = steps.map(({ step, seconds, cpuSeconds, daysCounted }) => [
          step,
          seconds.toFixed(2),
          cpuSeconds.toFixed(2),
          String(daysCounted ?? ''),
        ]);
        for (const line of grid([['step', 'seconds', 'processor seconds', 'days counted'], ...cells]))
          print(line);
        if (isEqual !== undefined) print(`\nreports and recounts are ${isEqual ? 'equal' : 'DIFFERENT'}`);
      }
      if (isEqual === false) process.exitCode = 1;
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

function run(
  folder: DataFolder,
  { interactions, days, recount: recounts }: { interactions: number; days: number; recount: boolean },
  scratch: string,
): { steps: Step[]; isEqual: boolean | undefined } {
  const steps: Step[] = [];
  const timed = <Result extends object | undefined>(step: string, work: () => Result): Result => {
    const [cpu, start] = [process.cpuUsage(), performance.now()];
    const result = work();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - start) / 1000;
    const counted = result === undefined ? {} : (result as Partial<EngagementReport>);
    const { daysCounted } = counted;
    steps.push({
      step,
      seconds,
      cpuSeconds: (user + system) / 1e6,
      ...(daysCounted !== undefined && { daysCounted }),
    });
    return result;
  };
  const write = (rows: Iterable<readonly Interaction[]>): undefined => {
    const writer = new InteractionWriter(folder, 5_000);
    let batch: Interaction[] = [];
    const flush = (): void => {
      writer.apply([{ rows: batch, time: 0 }]);
      batch = [];
    };
    for (const own of rows) {
      batch.push(...own);
      if (batch.length >= rowsPerCommit) flush();
    }
    flush();
    writer.close();
  };
  const sizes = { interactions, days, users: 1 + interactions / 50, pins: 1 + interactions / 100 };
  const [first, last] = daysOfLog(sizes);
  const report = (by: EngagementOptions['by']): EngagementReport => engagementReport(folder, options(by));
  const options = (by: EngagementOptions['by']): EngagementOptions => {
    return { from: first, to: last, by, windowHours: 24, touch: 'last', dedupe: 'impression' };
  };
  if (listMonths(folder).length === 0) timed('write the log', () => write(interactionLog(sizes)));
  timed('first report, by surface', () => report('surface'));
  const before = timed('report by rank, nothing new', () => report('rank'));
  const at = (first + (days >> 1)) * dayMs;
  const late: Interaction = { kind: 'impression', user: 'user1', pin: 'pin1', at, surface: 'feed', rank: 1 };
  const click: Interaction = { kind: 'click', user: 'user1', pin: 'pin1', at: at + 1, id: 'late' };
  let isEqual: boolean | undefined;
  if (recounts) {
    isEqual = isDeepStrictEqual(
      countsOf(before),
      timed('recount in SQL', () => recount(folder, options('rank'), { scratch })),
    );
    rmSync(scratch);
  }
  write([[late, click]]);
  const after = timed('report after two late rows', () => report('rank'));
  if (recounts) isEqual &&= isDeepStrictEqual(countsOf(after), recount(folder, options('rank'), { scratch }));
  return { steps, isEqual };
}

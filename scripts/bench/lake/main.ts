import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { bytesText, print, printJson, thousands } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { resultsOption, writeResults } from '../results.ts';
import type { ChildReport } from './lake-child.ts';
import type { Stage } from './stages.ts';
import { writeRows } from './write-rows.ts';

interface LakeBenchOptions {
  rows: number;
  memory: string;
  pairs: number;
  alone?: true;
  folder?: string;
  json?: true;
  results?: string;
}

type Method = 'import' | 'lake';

interface Run extends ChildReport {
  readonly method: Method;
}

await new Command('bench:lake')
  .description(
    'From Parquet with string keys to an active snapshot: pinwalk import and build against build --from, which sorts by DuckDB. Each in an empty folder and a process of its own. 20 M rows need 7 GB of disk, 100 M rows 25 GB.',
  )
  .option('--rows <n>', 'rows of the file', integer(1_000), 20_000_000)
  .option('--memory <size>', 'memory of DuckDB', '4GB')
  .option('--pairs <n>', 'times that each path runs, in turn', integer(1), 1)
  .option('--alone', 'only build --from')
  .option(
    '--folder <dir>',
    'where the files are written and removed (default: the folder of temporary files)',
  )
  .addOption(jsonOption())
  .addOption(resultsOption())
  .action(async ({ rows, memory, pairs, alone, folder, json, results }: LakeBenchOptions) => {
    const temporary = mkdtempSync(path.join(folder ?? tmpdir(), 'pinwalk-lake-'));
    try {
      const file = path.join(temporary, 'saves.parquet');
      await writeRows(file, rows);
      const runs: Run[] = [];
      for (let pair = 0; pair < pairs; pair++) {
        for (const each of alone === true ? (['lake'] as const) : (['import', 'lake'] as const)) {
          process.stderr.write(`bench:lake: ${thousands(rows)} rows by ${each} …\n`);
          const data = path.join(temporary, 'data');
          runs.push({ method: each, ...(await run(each, file, data, memory)) });
          rmSync(data, { recursive: true });
        }
      }
      const report = { machine: describeMachine(), rows, memory, runs, ratios: ratiosOf(runs) };
      writeResults(results, report);
      if (json === true) printJson(report);
      else printRuns(report);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

async function run(method: Method, file: string, data: string, memory: string): Promise<ChildReport> {
  const script = path.join(import.meta.dirname, 'lake-child.ts');
  const child = spawn(process.execPath, [script, method, file, data, memory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output, code] = await Promise.all([
    text(child.stdout),
    new Promise((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`${script} ${method} exited with ${String(code)}`);
  return JSON.parse(output) as ChildReport;
}

/** Of each pair, the time of `build --from` over that of import and build. */
function ratiosOf(runs: readonly Run[]): { seconds: number; cpuSeconds: number }[] {
  const total = (method: Method, key: 'seconds' | 'cpuSeconds'): number[] =>
    runs
      .filter((each) => each.method === method)
      .map(({ stages }) => stages.reduce((sum, stage) => sum + stage[key], 0));
  const ratio = (key: 'seconds' | 'cpuSeconds', i: number): number =>
    total('lake', key)[i]! / total('import', key)[i]!;
  return total('import', 'seconds').map((_, i) => ({
    seconds: ratio('seconds', i),
    cpuSeconds: ratio('cpuSeconds', i),
  }));
}

function printRuns({
  machine,
  rows,
  memory,
  runs,
  ratios,
}: {
  machine: string;
  rows: number;
  memory: string;
  runs: readonly Run[];
  ratios: ReturnType<typeof ratiosOf>;
}): void {
  print(`${machine}; ${thousands(rows)} rows, DuckDB with ${memory}`);
  for (const { method, stages, saves, duplicates } of runs) {
    print('');
    print(
      `${method === 'lake' ? 'build --from' : 'import, build'}: ${thousands(saves)} saves, ${thousands(duplicates)} duplicates`,
    );
    print('');
    print('| stage | seconds | processor seconds | peak of memory |');
    print('|---|---:|---:|---:|');
    for (const stage of [...stages, totalOf(stages)]) printStage(stage);
  }
  for (const { seconds, cpuSeconds } of ratios) {
    print('');
    print(
      `build --from takes ${seconds.toFixed(2)} of the time, ${cpuSeconds.toFixed(2)} of the processor time.`,
    );
  }
}

function totalOf(stages: readonly Stage[]): Stage {
  const sum = (key: 'seconds' | 'cpuSeconds'): number =>
    stages.reduce((total, stage) => total + stage[key], 0);
  const peakBytes = Math.max(...stages.map((stage) => stage.peakBytes));
  return { name: 'all', seconds: sum('seconds'), cpuSeconds: sum('cpuSeconds'), peakBytes };
}

function printStage({ name, seconds, cpuSeconds, peakBytes }: Stage): void {
  print(`| ${name} | ${seconds.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${bytesText(peakBytes)} |`);
}

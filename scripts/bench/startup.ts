import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { openDataFolder } from '../../graph-data/index.ts';
import { integer, jsonOption } from '../commands/shared/options.ts';
import { bytesText, print, printJson } from '../output.ts';
import { runCommand, startServer } from './api/server-process.ts';
import { copyDownloads } from './api/sample-folder.ts';
import { describeMachine, median } from './case.ts';
import { resultsOption, writeResults } from './results.ts';

interface StartupOptions {
  data?: string;
  sample: 'npm' | 'synthetic';
  rounds: number;
  json?: true;
  results?: string;
}

interface Report {
  readonly machine: string;
  /** From the start of the process until it answers that it is ready; median. */
  readonly readyMs: number;
  readonly residentBytes: number;
  /** Packages and bytes of `npm ci --omit=dev`, and of `npm ci`. */
  readonly runtime: Installed;
  readonly whole: Installed;
}

interface Installed {
  readonly packages: number;
  readonly bytes: number;
}

const root = path.join(import.meta.dirname, '../..');

await new Command('bench:startup')
  .description('Time from the start of a server to its readiness, and what its packages take on disk.')
  .option('--data <dir>', 'data folder whose downloaded sample is reused')
  .option('--sample <name>', 'npm or synthetic', 'npm')
  .option('--rounds <n>', 'starts', integer(1), 9)
  .addOption(jsonOption())
  .addOption(resultsOption())
  .action(async ({ data: from, sample, rounds, json, results }: StartupOptions) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const data = path.join(temporary, 'data');
      copyDownloads(from, openDataFolder(data));
      await runCommand('sample', sample, '--data', data);
      await runCommand('build', '--data', data);
      const report: Report = {
        machine: describeMachine(),
        ...(await startRepeatedly(data, rounds)),
        runtime: installed('--omit=dev'),
        whole: installed(),
      };
      writeResults(results, report);
      if (json === true) printJson(report);
      else printReport(report);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

/** The first start, which compiles, does not count. */
async function startRepeatedly(
  data: string,
  rounds: number,
): Promise<Pick<Report, 'readyMs' | 'residentBytes'>> {
  const times: number[] = [];
  let residentBytes = NaN;
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now();
    const server = await startServer(data);
    while ((await fetch(`http://127.0.0.1:${server.port}/readyz`)).status !== 200) await pause(5);
    if (round > 0) times.push(performance.now() - started);
    residentBytes = server.residentBytes();
    await server.stop();
  }
  return { readyMs: median(times), residentBytes };
}

/** The packages below `node_modules` that npm would install. */
function installed(...flags: readonly string[]): Installed {
  const args = ['ls', '--all', '--parseable', ...flags];
  let listed: string;
  try {
    listed = execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    // It fails for packages that it did not expect, and lists all the same.
    listed = (error as { stdout?: string }).stdout ?? '';
  }
  const folders = [...new Set(listed.split('\n').filter((line) => line.includes('node_modules')))];
  return { packages: folders.length, bytes: folders.reduce((sum, folder) => sum + ownBytes(folder), 0) };
}

/** Without packages within it. */
function ownBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== 'node_modules') bytes += ownBytes(file);
    else if (entry.isFile()) bytes += statSync(file).size;
  }
  return bytes;
}

function printReport({ machine, readyMs, residentBytes, runtime, whole }: Report): void {
  print(`${machine}\n`);
  print('| what | measured |');
  print('| --- | ---: |');
  print(`| start of the process to ready, median | ${Math.round(readyMs)} ms |`);
  print(`| resident memory when ready | ${bytesText(residentBytes)} |`);
  print(`| \`npm ci --omit=dev\`: packages, bytes | ${runtime.packages}, ${bytesText(runtime.bytes)} |`);
  print(`| \`npm ci\`: packages, bytes | ${whole.packages}, ${bytesText(whole.bytes)} |`);
}

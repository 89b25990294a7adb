import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { openDataFolder } from '../../../graph-data/index.ts';
import { decimal, integer, jsonOption } from '../../commands/shared/options.ts';
import { print, printJson } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { type LoadResult, type Percentiles, openLoop, percentiles } from './open-loop.ts';
import { getJson, probeAll } from './probe.ts';
import { copyDownloads } from './sample-folder.ts';
import { runCommand, startServer } from './server-process.ts';
import type { SoakPiece } from './soak-piece.ts';
import { type SoakTraffic, soakTraffic } from './soak-traffic.ts';

interface SoakOptions {
  data?: string;
  minutes: number;
  reads: number;
  writes: number;
  json?: true;
}

const pieceSeconds = 10;
const probesPerPiece = 20;
const connections = 64;
const inTimeMs = 60;

await new Command('bench:soak')
  .description('Soak test: memory, latency and errors of a server under steady reads and writes.')
  .option('--data <dir>', 'data folder whose downloaded sample is reused')
  .option('--minutes <n>', 'duration', decimal(0, 1e5), 30)
  .option('--reads <n>', 'read requests per second: related pins, ideas, searches, pins', integer(1), 200)
  .option(
    '--writes <n>',
    'write requests per second: nine in ten save, one in ten removes; some save 20 pins at once',
    integer(1),
    50,
  )
  .addOption(jsonOption())
  .action(async (options: SoakOptions) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-soak-'));
    try {
      const pieces = await soak(path.join(temporary, 'data'), options);
      const { minutes, reads, writes } = options;
      if (options.json === true) printJson({ machine: describeMachine(), minutes, reads, writes, pieces });
      else printTable(pieces);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

async function soak(data: string, options: SoakOptions): Promise<SoakPiece[]> {
  copyDownloads(options.data, openDataFolder(data));
  await runCommand('sample', 'npm', '--data', data);
  await runCommand('build', '--data', data);
  const traffic = soakTraffic(data);
  const server = await startServer(data);
  const pieces: SoakPiece[] = [];
  try {
    const load = async (rate: number, next: SoakTraffic['read']): Promise<LoadResult> =>
      openLoop({ port: server.port, rate, seconds: pieceSeconds, connections, inTimeMs, next, now });
    const start = now();
    while (now() - start < options.minutes * 60_000) {
      const [reads, writes, saveToAnswer] = await Promise.all([
        load(options.reads, traffic.read),
        load(options.writes, traffic.write),
        probeAll({ port: server.port, traffic, count: probesPerPiece, seconds: pieceSeconds }),
      ]);
      const both = [reads, writes];
      const graph = await getJson<{ version: string; liveSaves: number }>(server.port, '/v1/graph');
      const piece: SoakPiece = {
        minutes: (now() - start) / 60_000,
        residentMb: Math.round(server.residentBytes() / 1e6),
        reads: reads.answered,
        writes: writes.answered,
        saveToAnswer: percentiles(saveToAnswer),
        refused: both.reduce((sum, { statuses }) => sum + (statuses[503] ?? 0), 0),
        failed:
          both.reduce((sum, result) => sum + failuresOf(result), 0) + probesPerPiece - saveToAnswer.length,
        graphVersion: graph.version,
        liveSaves: graph.liveSaves,
      };
      pieces.push(piece);
      process.stderr.write(`bench:soak: ${JSON.stringify(piece)}\n`);
    }
  } finally {
    await server.stop();
  }
  return pieces;
}

/** Requests without a response, or with a status other than 2xx and 503. */
function failuresOf({ failed, statuses }: LoadResult): number {
  const bad = Object.entries(statuses).filter(([status]) => !/^(2..|503)$/.test(status));
  return failed + bad.reduce((sum, [, count]) => sum + count, 0);
}

function printTable(pieces: readonly SoakPiece[]): void {
  print(
    '| minutes | MB | reads p50 | p99 | writes p50 | p99 | save to recommendation p50 | p99 | refused | failed |',
  );
  print('| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  for (const piece of pieces) {
    const { minutes, residentMb, reads, writes, saveToAnswer, refused, failed } = piece;
    const cells = [
      minutes.toFixed(1),
      residentMb,
      ...cellsOf(reads),
      ...cellsOf(writes),
      ...cellsOf(saveToAnswer),
      refused,
      failed,
    ];
    print(`| ${cells.join(' | ')} |`);
  }
}

function cellsOf({ p50, p99 }: Percentiles): string[] {
  return [p50.toFixed(1), p99.toFixed(1)];
}

function now(): number {
  return performance.now();
}

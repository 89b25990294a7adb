import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { SoakPiece } from '../bench/api/soak-piece.ts';
import { drawFile } from '../reports/draw.ts';
import { curvesDrawing } from '../reports/plots/curves.ts';

export function soakPlotCommand(): Command {
  return new Command('soak-plot')
    .description('Plot the output of npm run bench:soak -- --json.')
    .argument('<report>', 'file of the output')
    .requiredOption('--times <file>', 'SVG of latencies to write')
    .requiredOption('--memory <file>', 'SVG of memory to write')
    .action((report: string, { times, memory }: { times: string; memory: string }) => {
      const { pieces } = JSON.parse(readFileSync(report, 'utf8')) as { pieces: readonly SoakPiece[] };
      const curve = (name: string, of: (piece: SoakPiece) => number) => ({
        name,
        points: pieces.map((piece) => ({ x: piece.minutes, y: of(piece) })),
      });
      const timesOf = [
        curve('reads, p99', ({ reads }) => reads.p99),
        curve('writes, p99', ({ writes }) => writes.p99),
        curve('save to recommendation, p99', ({ saveToAnswer }) => saveToAnswer.p99),
        curve('reads, p50', ({ reads }) => reads.p50),
      ];
      const x = 'minutes';
      const title = 'Latency of requests, in intervals of ten seconds';
      writeFileSync(times, drawFile(curvesDrawing({ title, x, y: 'ms', curves: timesOf, logY: true })));
      const resident = [curve('resident memory', ({ residentMb }) => residentMb)];
      const memoryTitle = 'Resident memory of the server';
      writeFileSync(memory, drawFile(curvesDrawing({ title: memoryTitle, x, y: 'MB', curves: resident })));
    });
}

import { readFileSync, writeFileSync } from 'node:fs';
import { Command } from 'commander';
import type { SoakPiece } from '../bench/api/soak-piece.ts';
import { drawFile } from '../reports/draw.ts';
import { curvesDrawing } from '../reports/plots/curves.ts';

export function soakPlotCommand(): Command {
  return new Command('soak-plot')
    .description('Draw what npm run bench:soak -- --json has measured.')
    .argument('<report>', 'its output')
    .requiredOption('--times <file>', 'where to write the SVG of times')
    .requiredOption('--memory <file>', 'where to write the SVG of memory')
    .action((report: string, { times, memory }: { times: string; memory: string }) => {
      const { pieces } = JSON.parse(readFileSync(report, 'utf8')) as { pieces: readonly SoakPiece[] };
      const curve = (name: string, of: (piece: SoakPiece) => number) => ({
        name,
        points: pieces.map((piece) => ({ x: piece.minutes, y: of(piece) })),
      });
      const timesOf = [
        curve('reads, p99', ({ reads }) => reads.p99),
        curve('writes, p99', ({ writes }) => writes.p99),
        curve('a save to its answer, p99', ({ saveToAnswer }) => saveToAnswer.p99),
        curve('reads, median', ({ reads }) => reads.p50),
      ];
      const x = 'minutes';
      const title = 'Milliseconds of requests, in pieces of ten seconds';
      writeFileSync(times, drawFile(curvesDrawing({ title, x, y: 'ms', curves: timesOf, logY: true })));
      const resident = [curve('resident memory', ({ residentMb }) => residentMb)];
      const memoryTitle = 'Resident memory of the server';
      writeFileSync(memory, drawFile(curvesDrawing({ title: memoryTitle, x, y: 'MB', curves: resident })));
    });
}

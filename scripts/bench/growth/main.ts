import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { printJson } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { growthPlot } from './growth-plot.ts';
import { type Grown, grow } from './grow.ts';
import { printGrowth } from './print-growth.ts';

interface GrowthOptions {
  folder?: string;
  seconds: number;
  plot?: string;
  json?: true;
}

const defaultSaves = [1e6, 3e6, 10e6, 30e6, 100e6];

await new Command('bench:growth')
  .description(
    'From a generator to a loaded server, at several numbers of saves: time, memory and disk of each stage. 100 M saves need 30 GB of disk, 10 GB of memory and half an hour.',
  )
  .argument(
    '[saves...]',
    `numbers of saves (default: ${defaultSaves.join(' ')})`,
    (text: string, before: number[] | undefined) => [...(before ?? []), integer(1_000)(text)],
  )
  .option(
    '--folder <dir>',
    'where the files are written and removed (default: the folder of temporary files)',
  )
  .option('--seconds <n>', 'duration of each load', integer(1), 15)
  .option('--plot <file>', 'SVG of seconds and memory against saves')
  .addOption(jsonOption())
  .action(async (saves: number[] | undefined, options: GrowthOptions) => {
    const grown: Grown[] = [];
    for (const each of saves ?? defaultSaves) {
      const folder = mkdtempSync(path.join(options.folder ?? tmpdir(), 'pinwalk-growth-'));
      try {
        grown.push(
          await grow(folder, each, options.seconds, (what) =>
            process.stderr.write(`bench:growth: ${each} saves: ${what} …\n`),
          ),
        );
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    if (options.plot !== undefined) writeFileSync(options.plot, growthPlot(grown));
    const machine = describeMachine();
    if (options.json === true) printJson({ machine, grown });
    else printGrowth(machine, grown);
  })
  .parseAsync();

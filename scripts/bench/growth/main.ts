import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { print, printJson } from '../../output.ts';
import { describeMachine } from '../case.ts';
import { type Origin, originNow, readResults, resultsOption, writeResults } from '../results.ts';
import { growthPlot } from './growth-plot.ts';
import { grow } from './grow.ts';
import { type Measured, printGrowth } from './print-growth.ts';

interface GrowthOptions {
  folder?: string;
  seconds: number;
  plot?: string;
  results?: string;
  again?: true;
  json?: true;
}

interface Report {
  readonly machine: string;
  readonly grown: Measured[];
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
  .addOption(resultsOption())
  .option('--again', 'measure also sizes that the results have for the present code')
  .addOption(jsonOption())
  .action(async (given: number[], options: GrowthOptions) => {
    const { results: file, again = false } = options;
    // Those of other runs too: a size takes up to half an hour, so that each is written when it is done.
    const before = file === undefined ? undefined : (readResults(file) as (Report & Origin) | undefined);
    let grown: Measured[] = before?.grown ?? [];
    const saves = given.length === 0 ? defaultSaves : given;
    for (const each of saves) {
      const origin = originNow();
      if (!again && grown.some((old) => old.saves === each && old.commit === origin.commit)) continue;
      const folder = mkdtempSync(path.join(options.folder ?? tmpdir(), 'pinwalk-growth-'));
      try {
        const measured = await grow(folder, each, options.seconds, (what) =>
          process.stderr.write(`bench:growth: ${each} saves: ${what} …\n`),
        );
        grown = [...grown.filter((old) => old.saves !== each), { ...measured, ...origin }];
        grown.sort((a, b) => a.saves - b.saves);
        writeResults(file, { machine: describeMachine(), grown } satisfies Report);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    if (options.plot !== undefined) writeFileSync(options.plot, growthPlot(grown));
    const machine = describeMachine();
    if (options.json === true) printJson({ machine, grown });
    else {
      printGrowth(machine, grown);
      if (options.plot !== undefined)
        print(`\n![Seconds of each stage against the number of saves](${path.basename(options.plot)})`);
    }
  })
  .parseAsync();

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Argument, Command } from 'commander';
import { jsonOption } from '../../commands/shared/options.ts';
import { print, printJson } from '../../output.ts';
import { describeMachine } from '../case.ts';
import type { Outcome } from './trial.ts';
import { trials } from './trials.ts';

await new Command('attack')
  .description(
    'Attacks servers of its own on loopback and prints what held. Ends with 1 when something did not.',
  )
  .addArgument(new Argument('[trials...]', 'only these').choices(Object.keys(trials)))
  .option('--seed <number>', 'seed of all random choices', Number, 1)
  .option('--small', 'tiny sizes: shows that it runs, proves nothing')
  .addOption(jsonOption())
  .action(async (names: string[], options: { seed: number; small?: true; json?: true }) => {
    const outcomes: Outcome[] = [];
    for (const name of names.length > 0 ? names : Object.keys(trials)) {
      outcomes.push(...(await runTrial(name, options.seed, options.small === true)));
    }
    const machine = describeMachine();
    if (options.json === true) printJson({ machine, outcomes });
    else printOutcomes(machine, outcomes);
    if (outcomes.some(({ held }) => !held)) process.exitCode = 1;
  })
  .parseAsync();

async function runTrial(name: string, seed: number, isSmall: boolean): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pinwalk-attack-'));
  try {
    const trial = await trials[name]!();
    return await trial({ isSmall, seed, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A table that a terminal and Markdown both show well. */
function printOutcomes(machine: string, outcomes: readonly Outcome[]): void {
  const rows = outcomes.map(({ name, load, measured, bound, held }) => {
    return [name, load, measured, bound, held ? 'yes' : 'NO'];
  });
  print(machine);
  print('');
  for (const row of [['trial', 'load', 'measured', 'bound', 'held'], Array(5).fill('---'), ...rows]) {
    print(`| ${row.join(' | ')} |`);
  }
}

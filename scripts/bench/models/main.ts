import { Command } from 'commander';
import { integer, jsonOption } from '../../commands/shared/options.ts';
import { print, printJson, thousands } from '../../output.ts';
import { type BenchCase, describeMachine, printTable } from '../case.ts';
import { benchFollowing } from './following.ts';
import { benchScoring } from './scoring.ts';

interface Options {
  readonly events: number;
  readonly candidates: number;
  readonly rounds: number;
  readonly log: number;
  readonly json?: true;
}

new Command('bench:models')
  .description(
    'Time to score the candidates of one person, all at once and in turn one by one; and to count interactions.',
  )
  .option('--events <n>', 'impressions that the counters know', integer(1_000), 1_000_000)
  .option('--candidates <n>', 'candidates of a person', integer(1), 1_000)
  .option('--rounds <n>', 'people who are scored', integer(1), 200)
  .option('--log <n>', 'impressions of a log that is counted', integer(1_000), 100_000)
  .addOption(jsonOption())
  .action(({ events, candidates, rounds, log, json }: Options) => {
    const cases: readonly BenchCase[] = [
      ...benchScoring({ events, candidates, rounds }),
      ...benchFollowing(log),
    ];
    const machine = describeMachine();
    if (json === true) {
      printJson({ machine, cases });
      return;
    }
    print(`${thousands(candidates)} candidates, counters of ${thousands(events)} impressions\n`);
    printTable({ machine, cases });
  })
  .parse();

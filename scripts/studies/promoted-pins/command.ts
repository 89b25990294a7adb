import { Command } from 'commander';
import { type Interval, t95 } from '../../../engine/index.ts';
import { describeMachine } from '../../bench/case.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { tableLines } from '../../reports/text/format.ts';
import { advertisersCommand } from './advertisers.ts';
import { ghostAdsCommand } from './ghost-ads.ts';
import { matchingCommand } from './matching.ts';
import { pacingCommand } from './pacing.ts';
import { type Population, movieLens, npmSample } from './people.ts';
import { type Levers, withoutWalk } from './policies.ts';
import { type Outcome, simulate } from './simulate.ts';

interface Options {
  readonly sets?: string;
  readonly data?: string;
  readonly people: number;
  readonly campaigns: number;
  readonly seeds: number;
  readonly firstSeed: number;
  readonly minRelevance: number;
  readonly qualityPower: number;
}

export function promotedPinsCommand(): Command {
  return new Command('promoted-pins')
    .description('Promoted pins: revenue and relevance of policies, pacing, lift, calibration by advertiser.')
    .addCommand(policiesCommand())
    .addCommand(matchingCommand())
    .addCommand(pacingCommand())
    .addCommand(ghostAdsCommand())
    .addCommand(advertisersCommand());
}

function policiesCommand(): Command {
  return new Command('policies')
    .description('Simulates an ad market with people whose next saves are known: five policies, by seed.')
    .option('--sets <folder>', 'folder of published data sets, with movielens-small')
    .option('--data <dir>', 'data folder with the npm sample')
    .option('--people <n>', 'people of a set at most, half of them for the log', integer(4), 600)
    .option('--campaigns <n>', 'campaigns', integer(2), 500)
    .option('--seeds <n>', 'runs, each with campaigns, bids and clicks of its own', integer(2), 20)
    .option('--first-seed <n>', 'of the runs; levers were chosen on 101 to 105', integer(0), 1)
    .option('--min-relevance <x>', 'below it nothing is shown', Number, 0.1)
    .option('--quality-power <x>', 'quality is relevance to this power', Number, 0.5)
    .action(async (options: Options, command: Command) => {
      const { sets, data, people } = options;
      if (sets === undefined && data === undefined) command.error('error: give --sets, --data or both');
      print(`${describeMachine()}\n`);
      if (sets !== undefined) report(await movieLens(sets, people), options);
      if (data !== undefined) report(npmSample(data, people), options);
    });
}

function report(population: Population, options: Options): void {
  const { graph, tree, people, name } = population;
  print(`### ${name}: ${people.length} people, ${tree.parents.length} interests, ${graph.boardToUser.length} boards\n`); // prettier-ignore
  const levers: Levers = options;
  const runs = Array.from({ length: options.seeds }, (_, i) =>
    simulate(population, options.campaigns, levers, options.firstSeed + i),
  );
  const policies = runs[0]!.map(({ policy }) => policy);
  const at = (figure: keyof Outcome, policy: number): number[] =>
    runs.map((run) => run[policy]![figure] as number);
  const rows = policies.map((policy, i) => [
    policy,
    meanText(
      at('relevance', i).map((each) => 100 * each),
      2,
    ),
    meanText(
      at('revenue', i).map((each) => each / 1_000),
      2,
    ),
    meanText(
      at('clickRate', i).map((each) => 100 * each),
      2,
    ),
    meanText(
      at('filled', i).map((each) => 100 * each),
      0,
    ),
    policy === withoutWalk || policy === 'ours' ? meanText(at('calibration', i), 2) : '',
  ]);
  const columns = ['', 'relevant, %', 'revenue of 1,000 visits', 'clicks, %', 'filled, %', 'Σp/Σ true p'];
  for (const line of tableLines({ columns, rows })) print(line);
  const of = (policy: string): number => policies.indexOf(policy);
  const ratio = (figure: keyof Outcome, one: string, other: string): string =>
    ratioText(at(figure, of(one)), at(figure, of(other)));
  print(`\nrelevance, ours by highest bid: ${ratio('relevance', 'ours', 'highest bid')}`);
  print(`revenue, ours by bid × p(click) without the walk: ${ratio('revenue', 'ours', withoutWalk)}`); // prettier-ignore
  print(`relevance, ours by the same: ${ratio('relevance', 'ours', withoutWalk)}\n`);
}

function meanText(values: readonly number[], digits: number): string {
  const { mean, low, high } = meanOf(values);
  return `${mean.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

/** The mean ratio of two figures of the same seeds: geometric, as is its interval. */
function ratioText(one: readonly number[], other: readonly number[]): string {
  const { mean, low, high } = meanOf(one.map((value, i) => Math.log(value / other[i]!)));
  return `${Math.exp(mean).toFixed(2)} [${Math.exp(low).toFixed(2)}, ${Math.exp(high).toFixed(2)}]`;
}

function meanOf(values: readonly number[]): Interval & { readonly mean: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const half = t95(values.length - 1) * Math.sqrt(variance / values.length);
  return { mean, low: mean - half, high: mean + half };
}

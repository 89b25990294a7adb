import { Command } from 'commander';
import { type PipelineSettings, type SaveSplit, Engine, presets } from '../../../engine/index.ts';
import { describeMachine } from '../../bench/case.ts';
import { dataOption, integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { drawQueries, judgeQueries, meanOf, ratioText } from './judge.ts';
import { type SplitOptions, readSplits } from './splits.ts';

interface QueryPinsOptions extends SplitOptions {
  readonly queries: number;
  readonly randomSeed: number;
}

const sizes = [1, 2, 3, 5, 8, 13];

/** `related` as it is for one pin, for any number of them, with the steps that it had then. */
const onePin: PipelineSettings = {
  ...presets.related,
  params: { ...presets.related.params, steps: 10_000, fadePins: 0 },
};

export function queryPinsCommand(): Command {
  return new Command('query-pins')
    .description(
      '`related` by number of query pins, beside `ideas` and what it is for one pin: validation parts.',
    )
    .addOption(dataOption())
    .option('--sets <folder>', 'folder of published data sets, measured as well')
    .option('--only <names>', 'these sets alone, with commas')
    .option('--queries <n>', 'queries drawn for each graph and number of pins', integer(1), 1_000)
    .option('--random-seed <n>', 'seed of the draw', integer(0), 1)
    .option('--small', 'a tiny synthetic graph, as a smoke test')
    .action(async (options: QueryPinsOptions) => {
      print(`${describeMachine()}\n`);
      print('| set | query pins | NDCG@20 of related | of one-pin related | of ideas |');
      print('| --- | ---: | ---: | ---: | ---: |');
      for (const [name, split] of await readSplits(options, 'validation', options.randomSeed)) {
        for (const size of sizes) measure(name, split, size, options);
      }
    });
}

function measure(name: string, split: SaveSplit, size: number, options: QueryPinsOptions): void {
  const engine = new Engine(split.train);
  const queries = drawQueries(split, size, options.queries, options.randomSeed);
  const [related, former, ideas] = [presets.related, onePin, presets.ideas].map((settings) => {
    return judgeQueries(engine, queries, settings).ndcg;
  });
  const cells = [meanOf(related!).toFixed(4), ratioText(related!, former!), ratioText(related!, ideas!)];
  print(`| ${[name, size, ...cells].join(' | ')} |`);
}

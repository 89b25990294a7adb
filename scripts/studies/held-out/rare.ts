import { Command } from 'commander';
import { type SaveSplit, Engine, degreeOf, nodeCount, presets } from '../../../engine/index.ts';
import { describeMachine } from '../../bench/case.ts';
import { dataOption, integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { type Judged, drawQueries, judgeQueries, ratioText } from './judge.ts';
import { type SplitOptions, readSplits } from './splits.ts';

interface RareOptions extends SplitOptions {
  readonly queries: number;
  readonly randomSeed: number;
}

const shares = [0, 0.1, 0.2];
/** Query pins at most: more take long, and change little. */
const queryPins = 8;
/** Pins with as few saves are counted beside those that the lever calls rare. */
const fewSaves = 2;

export function rareCommand(): Command {
  return new Command('rare')
    .description(
      'What a share of places for rare pins costs in recall and gains in coverage, by `rareShare`.',
    )
    .addOption(dataOption())
    .option('--sets <folder>', 'folder of published data sets, measured as well')
    .option('--only <names>', 'these sets alone, with commas')
    .option('--queries <n>', 'queries drawn for each graph', integer(1), 2_000)
    .option('--random-seed <n>', 'seed of the draw', integer(0), 1)
    .option('--small', 'a tiny synthetic graph, as a smoke test')
    .action(async (options: RareOptions) => {
      print(`${describeMachine()}\n`);
      print('| set | rare, saves | rareShare | recall@20 | NDCG@20 | rare | ≤ 2 saves | distinct pins |');
      print('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
      for (const [name, split] of await readSplits(options, 'test', options.randomSeed)) {
        measure(name, split, options);
      }
    });
}

function measure(name: string, split: SaveSplit, { queries: count, randomSeed }: RareOptions): void {
  const { pinToBoard } = split.train;
  const engine = new Engine(split.train);
  const savesMax = engine.rareSavesMax();
  const queries = drawQueries(split, queryPins, count, randomSeed);
  const saved = Array.from({ length: nodeCount(pinToBoard) }, (_, pin) => degreeOf(pinToBoard, pin));
  const savedCount = saved.filter((saves) => saves > 0).length;
  let without: Judged | undefined;
  for (const rareShare of shares) {
    const { algorithm, params } = presets.ideas;
    const judged = judgeQueries(engine, queries, { algorithm, params: { ...params, rareShare } });
    without ??= judged;
    const places = judged.lists.flat();
    const shareOf = (max: number): string =>
      percent(places.filter((pin) => saved[pin]! <= max).length / places.length);
    const accuracy = [ratioText(judged.recall, without.recall), ratioText(judged.ndcg, without.ndcg)];
    const coverage = percent(new Set(places).size / savedCount);
    const cells = [
      name,
      `≤ ${savesMax}`,
      rareShare,
      ...accuracy,
      shareOf(savesMax),
      shareOf(fewSaves),
      coverage,
    ];
    print(`| ${cells.join(' | ')} |`);
  }
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

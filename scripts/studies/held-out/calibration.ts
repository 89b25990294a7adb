import { Command } from 'commander';
import {
  type PinCommunities,
  type SaveSplit,
  Engine,
  miscalibration,
  nodeCount,
  percentileInterval,
  presets,
  resampledMeans,
} from '../../../engine/index.ts';
import { findCommunities } from '../../../graph-data/analysis/index.ts';
import { describeMachine } from '../../bench/case.ts';
import { dataOption, integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { figureText, intervalText, signedText } from '../../reports/text/format.ts';
import { type Judged, drawQueries, judgeQueries, meanOf, ratioText } from './judge.ts';
import { type SplitOptions, readSplits } from './splits.ts';

interface CalibrationOptions extends SplitOptions {
  readonly queries: number;
  readonly queryPins: number;
  readonly randomSeed: number;
}

const values = [0, 0.25, 0.5, 0.75, 0.9, 1];
const resamples = 1_000;

export function calibrationCommand(): Command {
  return new Command('calibration')
    .description(
      'What `calibration` costs in NDCG, and how much nearer it brings topics to those of the query.',
    )
    .addOption(dataOption())
    .option('--sets <folder>', 'folder of published data sets, measured as well')
    .option('--only <names>', 'these sets alone, with commas')
    .option('--queries <n>', 'queries drawn for each graph', integer(1), 1_000)
    .option('--query-pins <n>', 'pins of a query', integer(1), 16)
    .option('--random-seed <n>', 'seed of the draw', integer(0), 1)
    .option('--small', 'a tiny synthetic graph, as a smoke test')
    .action(async (options: CalibrationOptions) => {
      print(`${describeMachine()}\n`);
      print('| set | topics | calibration | NDCG@20 | recall@20 | miscalibration | − without |');
      print('| --- | ---: | ---: | ---: | ---: | ---: | --- |');
      for (const [name, split] of await readSplits(options, 'test', options.randomSeed)) {
        measure(name, split, options);
      }
    });
}

function measure(
  name: string,
  split: SaveSplit,
  { queries: count, queryPins, randomSeed }: CalibrationOptions,
): void {
  const engine = new Engine(split.train);
  const { levels, pins } = findCommunities(split.train);
  const communities: PinCommunities = { levels, pinCount: nodeCount(split.train.pinToBoard), pins };
  const topics = new Set(pins.subarray(pins.length - communities.pinCount)).size;
  const queries = drawQueries(split, queryPins, count, randomSeed);
  let without: { judged: Judged; distances: Float64Array } | undefined;
  for (const calibration of values) {
    const { algorithm, params } = presets.feed;
    const settings = { algorithm, params: { ...params, calibration } };
    const judged = judgeQueries(engine, queries, settings, { communities });
    const distances = Float64Array.from(queries, ({ pins: own }, i) =>
      miscalibration(judged.lists[i]!, { pins: own, weights: own.map(() => 1) }, communities),
    );
    without ??= { judged, distances };
    const cells = [
      name,
      topics,
      calibration,
      ratioText(judged.ndcg, without.judged.ndcg),
      ratioText(judged.recall, without.judged.recall),
      figureText(meanOf(distances)),
      calibration === 0 ? '' : differenceText(distances, without.distances),
    ];
    print(`| ${cells.join(' | ')} |`);
  }
}

function differenceText(one: Float64Array, other: Float64Array): string {
  const differences = one.map((each, i) => each - other[i]!);
  const interval = percentileInterval(resampledMeans([differences], resamples, 1)[0]!, 0.95);
  return `${signedText(meanOf(differences))} ${intervalText(interval, signedText)}`;
}

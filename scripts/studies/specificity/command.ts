import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { type PinBoardGraph, presets } from '../../../engine/index.ts';
import { loadActiveSnapshot, readGraph } from '../../../graph-data/index.ts';
import { describeMachine } from '../../bench/case.ts';
import { syntheticGraph } from '../../bench/kernel.ts';
import { dataFolder, dataOption, integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { drawFile } from '../../reports/draw.ts';
import { type Curve, curvesDrawing } from '../../reports/plots/curves.ts';
import { readSets } from '../quality/sets.ts';
import { type Judgement, formerRelated, judge, ratioOf } from './judge.ts';
import { drawOnePin } from './one-pin.ts';

interface SpecificityOptions {
  data: string;
  sets?: string;
  queries: number;
  randomSeed: number;
  plot?: string;
  small?: true;
}

const strengths = [0, 0.25, 0.5, 0.75, 1];

export function specificityCommand(): Command {
  return new Command('specificity')
    .description(
      'Accuracy against popularity of the pins related to one pin, by specificity: on the active snapshot and data sets.',
    )
    .addOption(dataOption())
    .option('--sets <folder>', 'folder of published data sets, measured as well')
    .option('--queries <n>', 'queries drawn for each graph', integer(1), 2_000)
    .option('--random-seed <n>', 'seed of the draw', integer(0), 1)
    .option('--plot <file>', 'write the curves as SVG')
    .option('--small', 'a tiny synthetic graph, as a smoke test')
    .action(async (options: SpecificityOptions) => {
      print(`${describeMachine()}\n`);
      const curves: Curve[] = [];
      for (const [name, graph] of await readGraphs(options)) {
        curves.push({ name, points: measure(name, graph, options) });
      }
      if (options.plot !== undefined) writeFileSync(options.plot, drawFile(drawingOf(curves)));
    });
}

async function readGraphs(options: SpecificityOptions): Promise<[string, PinBoardGraph][]> {
  if (options.small === true) return [['synthetic', syntheticGraph(20_000)]];
  const { graph } = loadActiveSnapshot(dataFolder(options), (fault) => {
    process.stderr.write(`${fault.message}\n`);
  });
  const graphs: [string, PinBoardGraph][] = [['npm', graph]];
  if (options.sets === undefined) return graphs;
  for (const { name, test } of await readSets(options.sets)) {
    // The pins of spotify-lists are whole playlists.
    if (name !== 'spotify-lists') graphs.push([name, test.train]);
  }
  const yelp = path.join(options.sets, 'yelp2018', 'train.tsv.gz');
  if (existsSync(yelp)) graphs.push(['yelp2018', await readGraph(yelp)]);
  return graphs;
}

/** Prints a table, and returns the curve: places of hubs, and NDCG as a share of the yardstick's. */
function measure(
  name: string,
  graph: PinBoardGraph,
  { queries, randomSeed }: SpecificityOptions,
): Curve['points'] {
  const draw = drawOnePin(graph, queries, randomSeed);
  print(`### ${name}: ${draw.queries.length} queries\n`);
  print('| specificity | recall@10 | NDCG@10 | of before | unbiased recall | hubs 40 | hubs 100 | rare |');
  print('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
  const yardstick = judge(draw, formerRelated);
  row('before', yardstick, yardstick);
  const points = strengths.map((specificity) => {
    const { algorithm, params } = presets.related;
    const judged = judge(draw, { algorithm, params: { ...params, specificity } });
    row(String(specificity), judged, yardstick);
    return { x: judged.hubs40, y: judged.ndcg / yardstick.ndcg };
  });
  print('');
  return points;
}

function row(name: string, judged: Judgement, yardstick: Judgement): void {
  const { recall, ndcg, unbiasedRecall, hubs40, hubs100, rare } = judged;
  const { ratio, low, high } = ratioOf(judged, yardstick);
  const accuracy = [recall.toFixed(4), ndcg.toFixed(4)];
  const compared = `${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
  const places = [hubs40, hubs100, rare].map((each) => each.toFixed(2));
  print(`| ${[name, ...accuracy, compared, unbiasedRecall.toFixed(4), ...places].join(' | ')} |`);
}

function drawingOf(curves: readonly Curve[]): ReturnType<typeof curvesDrawing> {
  return curvesDrawing({
    title: 'Accuracy against places of hubs, by specificity from 0 (right) to 1 (left)',
    x: 'places of ten that the 40 most saved pins take',
    y: 'NDCG@10, as a share of that before',
    curves,
    fromZero: false,
  });
}

import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { evaluateOne } from '../../api/offline/evaluate/index.ts';
import {
  type PinBoardGraph,
  type PruneReport,
  type SaveSplit,
  nextBelow,
  nodeCount,
  pruneGraph,
  randomSeedMax,
  randomStream,
  splitSaves,
} from '../../engine/index.ts';
import {
  communityLevels,
  communityTopics,
  findCommunities,
  loadActiveSnapshot,
  readGraph,
} from '../../graph-data/index.ts';
import { describeMachine } from '../bench/case.ts';
import { syntheticGraph } from '../bench/kernel.ts';
import {
  UsageError,
  dataFolder,
  dataOption,
  decimal,
  integer,
  jsonOption,
} from '../commands/shared/options.ts';
import { print, printJson, thousands } from '../output.ts';
import { drawFile } from '../reports/draw.ts';
import { curvesDrawing } from '../reports/plots/curves.ts';

interface PruningOptions {
  data: string;
  train?: string;
  holdOut: number;
  deltas: number[];
  drops: number[];
  level?: number;
  restart: number;
  steps: number;
  boards: number;
  randomSeed: number;
  plot?: string;
  small?: true;
  json?: true;
}

/** One pruning of the train part, and the accuracy of walks on the pruned graph. */
interface Row extends PruneReport {
  /** `shuffled`: the communities in random order, as a control for pruning by topic. */
  readonly topics: 'communities' | 'shuffled';
  readonly delta: number;
  /** Requested share of boards to drop. */
  readonly drop: number;
  readonly f1: number;
  readonly recall: number;
  readonly msPerQuery: number;
}

const k = 20;

export function pruningCommand(): Command {
  return new Command('pruning')
    .description('F1 of link prediction by degree of pruning, as in section 3.3 of the Pixie paper.')
    .addOption(dataOption())
    .option('--train <file>', 'file of saves, instead of the active snapshot of the data folder')
    .option('--hold-out <share>', 'share of the saves to hold out', decimal(0, 1), 0.2)
    .option('--deltas <list>', 'exponents of the degree (δ)', numbers, [1, 0.98, 0.95, 0.91, 0.85, 0.75, 0.6])
    .option('--drops <list>', 'shares of boards to drop, highest entropy first', numbers, [0, 0.05, 0.1, 0.2])
    .option(
      '--level <n>',
      'level of the communities, from 0, the finest (default: as in a build)',
      integer(0, communityLevels - 1),
      communityLevels - 1,
    )
    .option('--restart <probability>', 'restart probability; 1 gives one-step walks', decimal(0, 1), 1)
    .option('--steps <n>', 'steps per query', integer(1), 20_000)
    .option('--boards <n>', 'number of boards to recommend for, drawn by the seed', integer(1), 2_000)
    .option('--random-seed <n>', 'seed of split, draw and walks', integer(0, randomSeedMax), 1)
    .option('--plot <file>', 'write the curves as SVG')
    .addOption(new Option('--small', 'a tiny synthetic graph, as a smoke test'))
    .addOption(jsonOption())
    .action(run);
}

function numbers(text: string): number[] {
  return text.split(',').map((each) => {
    const value = each.trim() === '' ? NaN : Number(each);
    if (!(value >= 0 && value <= 1))
      throw new InvalidArgumentError('Not a comma-separated list of numbers in [0, 1].');
    return value;
  });
}

async function run(options: PruningOptions): Promise<void> {
  const split = splitSaves(await readUnpruned(options), options.holdOut, options.randomSeed);
  // As in a build, of the train part only.
  const pinCount = nodeCount(split.train.pinToBoard);
  const communities = communityTopics(findCommunities(split.train, 1), pinCount, options.level).communities;
  const shuffled = shuffle(communities, options.randomSeed);
  if (options.json !== true) {
    print(describeMachine());
    print(`${thousands(new Set(communities).size)} communities of ${thousands(pinCount)} pins\n`);
    print('| topics | boards dropped | δ | saves kept | F1@20 | vs. unpruned | recall@20 | ms per query |');
    print('|---|---|---|---|---|---|---|---|');
  }
  const rows: Row[] = [];
  const plans = [
    ...options.drops.map((drop) => ({ topics: 'communities' as const, drop })),
    { topics: 'shuffled' as const, drop: 0 },
  ];
  for (const { topics, drop } of plans) {
    for (const delta of options.deltas) {
      const by = topics === 'shuffled' ? shuffled : communities;
      const row = { topics, ...(await measure(split, by, delta, drop, options)) };
      rows.push(row);
      if (options.json !== true) print(lineOf(row, rows[0]!));
    }
  }
  if (options.json === true) printJson({ machine: describeMachine(), rows });
  if (options.plot !== undefined) writeFileSync(options.plot, plotOf(rows));
}

async function readUnpruned(options: PruningOptions): Promise<PinBoardGraph> {
  if (options.small === true) return syntheticGraph(20_000);
  if (options.train !== undefined) return readGraph(options.train);
  const { graph, header } = loadActiveSnapshot(dataFolder(options), (fault) =>
    process.stderr.write(`${fault.message}\n`),
  );
  if (header.options.prune !== undefined) throw new UsageError('the active snapshot is already pruned');
  return graph;
}

async function measure(
  { train, heldOut }: SaveSplit,
  communities: Int32Array,
  delta: number,
  drop: number,
  { restart, steps, boards, randomSeed }: PruningOptions,
): Promise<Omit<Row, 'topics'>> {
  const topics = { kind: 'communities' as const, communities };
  const { graph, report } = pruneGraph(train, topics, { delta, entropyShareDropped: drop });
  const pixie = {
    name: 'pixie',
    algorithm: 'pixie' as const,
    params: { restartProbability: restart, steps },
  };
  const options = {
    // The known pins of a board include those that pruning removed.
    known: train.boardToPin,
    usersMax: boards,
    queryPins: Infinity,
    k,
    randomSeed,
    threads: availableParallelism(),
  };
  const { evaluation } = await evaluateOne([{ train: graph, heldOut }], pixie, options);
  const { f1, recall, msPerQueryP50: msPerQuery } = evaluation;
  return { delta, drop, ...report, f1, recall, msPerQuery };
}

function shuffle(values: Int32Array, randomSeed: number): Int32Array {
  const stream = randomStream(randomSeed);
  const shuffled = values.slice();
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = nextBelow(stream, i + 1);
    [shuffled[i], shuffled[j]] = [shuffled[j]!, shuffled[i]!];
  }
  return shuffled;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function lineOf(row: Row, unpruned: Row): string {
  const { topics, drop, delta, edgesBefore, edgesAfter, f1, recall, msPerQuery } = row;
  const change = `${f1 < unpruned.f1 ? '−' : '+'}${percent(Math.abs(f1 / unpruned.f1 - 1))}`;
  const figures = [f1.toFixed(4), change, recall.toFixed(4), msPerQuery.toFixed(2)];
  return `| ${[topics, percent(drop), delta, percent(edgesAfter / edgesBefore), ...figures].join(' | ')} |`;
}

function plotOf(rows: readonly Row[]): string {
  const names = new Map(
    rows.map((row) => [
      `${row.topics}/${row.drop}`,
      row.topics === 'shuffled' ? 'shuffled topics' : `${percent(row.drop)} dropped`,
    ]),
  );
  const curves = [...names].map(([id, name]) => ({
    name,
    points: rows
      .filter((row) => `${row.topics}/${row.drop}` === id)
      .map(({ delta, f1 }) => ({ x: delta, y: f1 })),
  }));
  const title = `F1@${k} of walks on pruned graphs, by the exponent of the degree`;
  return drawFile(curvesDrawing({ title, x: 'δ', y: `F1@${k}`, curves }));
}

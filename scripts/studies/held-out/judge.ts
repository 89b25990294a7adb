import {
  type Engine,
  type GraphAnalysis,
  type Interval,
  type PinIndex,
  type PipelineSettings,
  type SaveSplit,
  degreeOf,
  neighborsOf,
  nextBelow,
  nodeCount,
  percentileInterval,
  randomStream,
  resampledMeans,
  resolvePipeline,
  runPipeline,
} from '../../../engine/index.ts';

/** Length of the lists that are judged. */
const k = 20;
const resamples = 1_000;

/** Some pins of a board are the query; the ones held out of it are to be found, and all others of its own left out. */
interface HeldOutQuery {
  readonly pins: readonly PinIndex[];
  readonly own: ReadonlySet<PinIndex>;
  readonly hidden: ReadonlySet<PinIndex>;
}

/** Draws up to `count` boards with a held-out pin and `pinCount` others, of which as many are the query. Seeded. O(boards). */
export function drawQueries(
  { train: { boardToPin }, heldOut }: SaveSplit,
  pinCount: number,
  count: number,
  randomSeed: number,
): HeldOutQuery[] {
  const boards: number[] = [];
  for (let board = 0; board < Math.min(nodeCount(boardToPin), nodeCount(heldOut)); board++) {
    if (degreeOf(boardToPin, board) >= pinCount && degreeOf(heldOut, board) > 0) boards.push(board);
  }
  const stream = randomStream(randomSeed, pinCount);
  return take(boards, count).map((board) => {
    const own = Array.from(neighborsOf(boardToPin, board));
    return {
      pins: take([...own], pinCount),
      own: new Set(own),
      hidden: new Set(neighborsOf(heldOut, board)),
    };
  });

  /** Takes the first of a random order, which it makes in place. */
  function take(nodes: number[], wanted: number): number[] {
    const size = Math.min(wanted, nodes.length);
    for (let i = 0; i < size; i++) {
      const at = i + nextBelow(stream, nodes.length - i);
      [nodes[i], nodes[at]] = [nodes[at]!, nodes[i]!];
    }
    return nodes.slice(0, size);
  }
}

/** By query: what a pipeline recommends, and how well that finds the hidden pins. */
export interface Judged {
  readonly lists: readonly (readonly PinIndex[])[];
  readonly recall: Float64Array;
  readonly ndcg: Float64Array;
}

/** Lists of 20 on the train part. */
export function judgeQueries(
  engine: Engine,
  queries: readonly HeldOutQuery[],
  settings: PipelineSettings,
  analysis: GraphAnalysis = {},
): Judged {
  const pipeline = resolvePipeline(settings);
  const [recall, ndcg] = [new Float64Array(queries.length), new Float64Array(queries.length)];
  const lists = queries.map(({ pins, own, hidden }, i) => {
    const query = { pins, weights: pins.map(() => 1) };
    const options = { limit: k, randomSeed: i + 1, isExcluded: (pin: PinIndex) => own.has(pin) };
    const list = runPipeline(engine, analysis, query, pipeline, options).best.map((each) => each.pin);
    const found = list.flatMap((pin, place) => (hidden.has(pin) ? [gain(place)] : []));
    let ideal = 0;
    for (let place = 0; place < Math.min(hidden.size, k); place++) ideal += gain(place);
    recall[i] = found.length / Math.min(hidden.size, k);
    ndcg[i] = found.reduce((sum, each) => sum + each, 0) / ideal;
    return list;
  });
  return { lists, recall, ndcg };
}

/** Of a hidden pin found at a place from 0. */
function gain(place: number): number {
  return 1 / Math.log2(place + 2);
}

export function meanOf(values: Float64Array): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

/** The mean of one as a multiple of another's on the same queries, with its 95 % interval by a paired bootstrap. */
export function ratioText(one: Float64Array, other: Float64Array): string {
  const [means, otherMeans] = resampledMeans([one, other], resamples, 1);
  const ratios = means!.map((mean, i) => mean / otherMeans![i]!);
  const { low, high }: Interval = percentileInterval(ratios, 0.95);
  return `${(meanOf(one) / meanOf(other)).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

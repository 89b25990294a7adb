import {
  type PinBoardGraph,
  type PixieParams,
  type Query,
  neighborsOf,
  nextBelow,
  nextUnit,
  pinDegreeMax,
  randomStream,
  shareSteps,
  walkersPerPin,
} from '../../engine/index.ts';

/**
 * The readable twin of the whole of `pixie`: the same walkers drawing the same numbers, one step after another,
 * counted in Maps. For boards of at most 512 pins, without the end by visits; the stable end is given as a number
 * of batches.
 */
export interface TwinAnswer {
  /** By pin or board, lost walkers under {@link lost}. */
  readonly visits: Map<number, number>;
  readonly scores: Map<number, number>;
  readonly steps: number;
}

/** Stands for no pin: where visits of lost walkers are counted. */
export const lost = 0x7fff_ffff;
/** Streams of the second step and of the rounding of its walkers' steps. */
const [secondStepStream, roundingStream] = [0x4000_0000, 0x4000_0001];
const batchCount = 16;

interface TwinQuery {
  readonly graph: PinBoardGraph;
  readonly query: Query;
  readonly params: PixieParams;
  readonly randomSeed: number;
  readonly target?: 'pins' | 'boards';
  /** Batches walked before the top was stable; 16 are the whole walk. */
  readonly batches?: number;
}

export function wholePixie({
  graph,
  query,
  params,
  randomSeed,
  target = 'pins',
  batches,
}: TwinQuery): TwinAnswer {
  const { sharpening, popularityDiscount } = params;
  const budget = Math.min(params.steps, params.stepsPerQueryPin * query.pins.length);
  const secondSteps = sharpening > 0 ? Math.floor(budget / 10) : 0;
  const dealt = shareSteps(weighed(graph, query, params), budget - secondSteps);
  const counts = params.lastHop === 'spread' ? 'boards' : target;

  const byQueryPin = query.pins.map((pin, i) => {
    const visits = new Map<number, number>();
    const walk = { graph, params, counts, visits } as const;
    if (params.earlyStop === 'stable') {
      for (let batch = 0; batch < (batches ?? batchCount); batch++) {
        const [before, after] = [batch, batch + 1].map((b) => Math.floor((dealt[i]! * b) / batchCount));
        walkAll(walk, pin, after! - before!, randomSeed, batch);
      }
    } else walkAll(walk, pin, dealt[i]!, randomSeed, 0);
    return visits;
  });
  const visits = new Map<number, number>();
  for (const own of byQueryPin) for (const [node, count] of own) add(visits, node, count);
  let steps = sum(visits);

  let shares: Map<number, number>;
  if (params.lastHop === 'spread') shares = overPins(graph, visits, params.boardShrinkage);
  else {
    shares = new Map(visits);
    shares.delete(lost);
    const found = sum(shares);
    for (const node of shares.keys()) {
      const roots = byQueryPin.map((own) => Math.sqrt(own.get(node) ?? 0));
      const boosted = roots.reduce((total, root) => total + root, 0) ** 2;
      shares.set(node, (params.boost ? boosted : visits.get(node)!) / found);
    }
  }
  const second = secondStep(graph, shares, secondSteps, params, randomSeed);
  steps += second.steps;

  const scores = new Map<number, number>();
  for (const [node, share] of shares) {
    if (target === 'pins' && query.pins.includes(node)) continue;
    const { length: degree } = neighborsOf(target === 'pins' ? graph.pinToBoard : graph.boardToPin, node);
    scores.set(node, (share - sharpening * (second.shares.get(node) ?? 0)) * degree ** -popularityDiscount);
  }
  return { visits, scores, steps };
}

function weighed(graph: PinBoardGraph, { pins, weights }: Query, params: PixieParams): Query {
  const degreeMax = pinDegreeMax(graph);
  const factor = (degree: number): number => {
    if (params.stepShares === 'power') return degree ** params.startWeight;
    return degree * Math.max(Math.log(degreeMax) - Math.log(degree), Math.log1p(1 / degreeMax));
  };
  const degrees = pins.map((pin) => neighborsOf(graph.pinToBoard, pin).length);
  return { pins, weights: weights.map((weight, i) => (degrees[i] === 0 ? 0 : weight * factor(degrees[i]!))) };
}

interface TwinWalk {
  readonly graph: PinBoardGraph;
  readonly params: PixieParams;
  readonly counts: 'pins' | 'boards';
  readonly visits: Map<number, number>;
}

/** A walker: each call is one step. */
function walkerFrom(
  { graph, params, counts, visits }: TwinWalk,
  home: number,
  seed: number,
  substream: number,
) {
  const random = randomStream(seed, home, substream);
  let pin = home;
  return (): void => {
    const boards = neighborsOf(graph.pinToBoard, pin);
    const board = boards[nextBelow(random, boards.length)]!;
    const pins = neighborsOf(graph.boardToPin, board);
    const end = pins[Math.floor(nextUnit(random) * (pins.length + params.boardShrinkage))] ?? lost;
    add(visits, counts === 'pins' ? end : board, 1);
    const goesHome = nextUnit(random) < params.restartProbability;
    pin = goesHome || end === lost ? home : end;
  };
}

function walkAll(walk: TwinWalk, home: number, steps: number, seed: number, batch: number): void {
  for (let w = 0; w < walkersPerPin; w++) {
    const step = walkerFrom(walk, home, seed, batch * walkersPerPin + w);
    for (let done = w; done < steps; done += walkersPerPin) step();
  }
}

/** Visits of boards, each spread over the board's pins; shares of what is not lost. */
function overPins(
  graph: PinBoardGraph,
  visits: Map<number, number>,
  boardShrinkage: number,
): Map<number, number> {
  const shares = new Map<number, number>();
  for (const [board, count] of visits) {
    const pins = neighborsOf(graph.boardToPin, board);
    for (const pin of pins) add(shares, pin, count / (pins.length + boardShrinkage));
  }
  const found = sum(shares);
  for (const [pin, value] of shares) shares.set(pin, value / found);
  return shares;
}

/** One more step from each pin's share of the visits, its last hop spread. */
function secondStep(
  graph: PinBoardGraph,
  shares: Map<number, number>,
  steps: number,
  params: PixieParams,
  seed: number,
): { readonly steps: number; readonly shares: Map<number, number> } {
  const visits = new Map<number, number>();
  const walk = { graph, params: { ...params, restartProbability: 1 }, counts: 'boards', visits } as const;
  for (const [pin, share] of shares) {
    const rounding = nextUnit(randomStream(seed, pin, roundingStream));
    const step = walkerFrom(walk, pin, seed, secondStepStream);
    for (let left = Math.floor(share * steps + rounding); left > 0; left--) step();
  }
  return { steps: sum(visits), shares: overPins(graph, visits, params.boardShrinkage) };
}

function add(counts: Map<number, number>, key: number, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

function sum(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

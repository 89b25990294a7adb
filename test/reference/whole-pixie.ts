import {
  type PinBoardGraph,
  type PixieParams,
  type Query,
  neighborsOf,
  nextBelow,
  nextUnit,
  randomStream,
} from '../../engine/index.ts';
import { pinDegreeMax, shareSteps } from '../../engine/walk/step-shares.ts';

const walkersPerPin = 64;

/**
 * The readable twin of `pixie`: the same walkers with the same random numbers, one step after another, counted in Maps.
 * For boards of at most 512 pins, and without `earlyStop` "visits"; for "stable", the caller gives the number of batches.
 */
export interface TwinResult {
  /** By pin or board; lost walkers are counted at {@link lost}. */
  readonly visits: Map<number, number>;
  readonly scores: Map<number, number>;
  readonly steps: number;
}

/** The node at which visits of lost walkers are counted. */
export const lost = 0x7fff_ffff;
/** Random substreams of the second steps and of their stochastic rounding. */
const [secondStepStream, roundingStream] = [0x4000_0000, 0x4000_0001];
const batchCount = 16;

interface TwinQuery {
  readonly graph: PinBoardGraph;
  readonly query: Query;
  readonly params: PixieParams;
  readonly randomSeed: number;
  readonly target?: 'pins' | 'boards';
  /** Number of batches walked; 16 are the full walk. */
  readonly batches?: number;
}

export function wholePixie({
  graph,
  query,
  params,
  randomSeed,
  target = 'pins',
  batches,
}: TwinQuery): TwinResult {
  const { boardSharpening, popularityDiscount } = params;
  const sharpening = (params.sharpening * query.pins.length) / (query.pins.length + params.sharpeningPins);
  const budget = Math.min(params.steps, params.stepsPerQueryPin * query.pins.length);
  const hasSecond = (sharpening > 0 || boardSharpening > 0) && budget > 1;
  const secondSteps = hasSecond ? Math.ceil(budget * 0.1) : 0;
  const stepsByPin = shareSteps(weightedQuery(graph, query, params), budget - secondSteps);
  const counts = params.lastHop === 'spread' ? 'boards' : target;

  const byQueryPin = query.pins.map((pin, i) => {
    const visits = new Map<number, number>();
    const walk = { graph, params, counts, visits } as const;
    if (params.earlyStop === 'stable') {
      for (let batch = 0; batch < (batches ?? batchCount); batch++) {
        const [before, after] = [batch, batch + 1].map((b) => Math.floor((stepsByPin[i]! * b) / batchCount));
        walkAll(walk, pin, after! - before!, randomSeed, batch);
      }
    } else walkAll(walk, pin, stepsByPin[i]!, randomSeed, 0);
    return visits;
  });
  const visits = new Map<number, number>();
  for (const own of byQueryPin) for (const [node, count] of own) add(visits, node, count);
  let steps = sum(visits);

  let shares: Map<number, number>;
  if (params.lastHop === 'spread') shares = overPins(graph, massesOf(graph, visits, params.boardShrinkage));
  else {
    shares = new Map(visits);
    shares.delete(lost);
    const visitCount = sum(shares);
    for (const node of shares.keys()) {
      const roots = byQueryPin.map((own) => Math.sqrt(own.get(node) ?? 0));
      const boosted = roots.reduce((total, root) => total + root, 0) ** 2;
      shares.set(node, (params.boost ? boosted : visits.get(node)!) / visitCount);
    }
  }
  const second = secondStep(graph, shares, secondSteps, params, randomSeed);
  steps += second.steps;
  if (boardSharpening > 0 && second.steps > 0) shares = clipped(graph, visits, shares, second, params);

  const scores = new Map<number, number>();
  for (const [node, share] of shares) {
    if (target === 'pins' && query.pins.includes(node)) continue;
    const { length: degree } = neighborsOf(target === 'pins' ? graph.pinToBoard : graph.boardToPin, node);
    scores.set(node, (share - sharpening * (second.shares.get(node) ?? 0)) * degree ** -popularityDiscount);
  }
  return { visits, scores, steps };
}

/** The query with the weights by which steps are divided. */
function weightedQuery(graph: PinBoardGraph, { pins, weights }: Query, params: PixieParams): Query {
  const largest = Math.max(...weights);
  const degreeMax = pinDegreeMax(graph);
  const factor = (degree: number): number => {
    if (params.stepShares === 'power')
      return degree * (degree + params.pinShrinkage) ** (params.startWeight - 1);
    return degree * Math.max(Math.log(degreeMax) - Math.log(degree), Math.log1p(1 / degreeMax));
  };
  const degrees = pins.map((pin) => neighborsOf(graph.pinToBoard, pin).length);
  return {
    pins,
    weights: weights.map((weight, i) => (degrees[i] === 0 ? 0 : (weight / largest) * factor(degrees[i]!))),
  };
}

interface TwinWalk {
  readonly graph: PinBoardGraph;
  readonly params: PixieParams;
  readonly counts: 'pins' | 'boards';
  readonly visits: Map<number, number>;
}

/** A walker; each call makes one step. */
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
    const restarts = nextUnit(random) < params.restartProbability;
    pin = restarts || end === lost ? home : end;
  };
}

function walkAll(walk: TwinWalk, home: number, steps: number, seed: number, batch: number): void {
  for (let w = 0; w < walkersPerPin; w++) {
    const step = walkerFrom(walk, home, seed, batch * walkersPerPin + w);
    for (let done = w; done < steps; done += walkersPerPin) step();
  }
}

/** The mass that each board gives to each of its pins. */
function massesOf(
  graph: PinBoardGraph,
  visits: Map<number, number>,
  boardShrinkage: number,
): Map<number, number> {
  return new Map(
    [...visits].map(([board, count]) => [
      board,
      count / (neighborsOf(graph.boardToPin, board).length + boardShrinkage),
    ]),
  );
}

/** Shares of pins, each board giving its mass to all its pins. */
function overPins(graph: PinBoardGraph, masses: Map<number, number>): Map<number, number> {
  const shares = new Map<number, number>();
  for (const [board, mass] of masses) {
    if (mass === 0) continue;
    for (const pin of neighborsOf(graph.boardToPin, board)) add(shares, pin, mass);
  }
  const total = sum(shares);
  for (const [pin, value] of shares) shares.set(pin, value / total);
  return shares;
}

/**
 * The shares after max(0, m(b) / Σm − boardSharpening · m2(b) / Σm2): m2 is exact for every visited board, and Σm2 is
 * estimated from the second steps.
 */
function clipped(
  graph: PinBoardGraph,
  visits: Map<number, number>,
  shares: Map<number, number>,
  second: SecondStep,
  { boardShrinkage, boardSharpening }: PixieParams,
): Map<number, number> {
  const masses = massesOf(graph, visits, boardShrinkage);
  const massSum = sum(masses);
  const secondSum = sum(second.masses) / second.steps;
  const remaining = [...masses].map(([board, mass]): [number, number] => {
    const pins = [...neighborsOf(graph.boardToPin, board)];
    const chances = pins.map((pin) => (shares.get(pin) ?? 0) / neighborsOf(graph.pinToBoard, pin).length);
    const secondMass = chances.reduce((total, chance) => total + chance, 0) / (pins.length + boardShrinkage);
    return [board, Math.max(0, mass / massSum - (boardSharpening * secondMass) / secondSum)];
  });
  return overPins(graph, new Map(remaining));
}

interface SecondStep {
  readonly steps: number;
  readonly masses: Map<number, number>;
  readonly shares: Map<number, number>;
}

/** Second steps from pins drawn by their shares, with the last hop spread. */
function secondStep(
  graph: PinBoardGraph,
  shares: Map<number, number>,
  steps: number,
  params: PixieParams,
  seed: number,
): SecondStep {
  const visits = new Map<number, number>();
  const walk = { graph, params: { ...params, restartProbability: 1 }, counts: 'boards', visits } as const;
  for (const [pin, share] of shares) {
    const rounding = nextUnit(randomStream(seed, pin, roundingStream));
    const step = walkerFrom(walk, pin, seed, secondStepStream);
    for (let left = Math.floor(share * steps + rounding); left > 0; left--) step();
  }
  const masses = massesOf(graph, visits, params.boardShrinkage);
  return { steps: sum(visits), masses, shares: overPins(graph, masses) };
}

function add(counts: Map<number, number>, key: number, amount: number): void {
  counts.set(key, (counts.get(key) ?? 0) + amount);
}

function sum(counts: ReadonlyMap<number, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

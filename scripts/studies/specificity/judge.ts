import {
  type Interval,
  type PinBoardGraph,
  type PinIndex,
  type PipelineSettings,
  Engine,
  degreeOf,
  nodeCount,
  percentileInterval,
  resampledMeans,
  resolvePipeline,
  runPipeline,
} from '../../../engine/index.ts';
import type { OnePinDraw } from './one-pin.ts';

/** Length of the lists that are judged. */
const k = 10;
/** Pins with fewer saves are rare. */
const rareSaves = 10;
const resamples = 1_000;

/** What `related` was before it had a specificity: the yardstick. */
export const formerRelated: PipelineSettings = {
  algorithm: 'pixie',
  params: { steps: 10_000, stepsPerQueryPin: 5_000, restartProbability: 0.5, lastHop: 'spread' },
};

/** Lists of one pipeline: whether they find the hidden pins, and which pins fill them. */
export interface Judgement {
  readonly recall: number;
  readonly ndcg: number;
  /** Recall with each hidden pin weighted by degree^-1/2, against popularity bias (Yang et al., RecSys 2018). */
  readonly unbiasedRecall: number;
  /** Places of ten that the 40 and the 100 most saved pins take, and pins with under ten saves. */
  readonly hubs40: number;
  readonly hubs100: number;
  readonly rare: number;
  /** By query. */
  readonly ndcgs: Float64Array;
}

/** Pins by number of saves, most first. */
export function mostSaved({ pinToBoard }: PinBoardGraph, count: number): Set<PinIndex> {
  const pins = Array.from({ length: nodeCount(pinToBoard) }, (_, pin) => pin);
  const byDegree = pins.toSorted((a, b) => degreeOf(pinToBoard, b) - degreeOf(pinToBoard, a) || a - b);
  return new Set(byDegree.slice(0, count));
}

/** The best ten pins for one pin. */
export function bestOf(engine: Engine, settings: PipelineSettings, pin: PinIndex): PinIndex[] {
  const query = { pins: [pin], weights: [1] };
  const options = { limit: k, randomSeed: 1, isExcluded: () => false };
  return runPipeline(engine, {}, query, resolvePipeline(settings), options).best.map((each) => each.pin);
}

export function judge({ train, queries }: OnePinDraw, settings: PipelineSettings): Judgement {
  const engine = new Engine(train);
  const [hubs40, hubs100] = [mostSaved(train, 40), mostSaved(train, 100)];
  const ndcgs = new Float64Array(queries.length);
  let [found, foundWeight, weightSum, slots] = [0, 0, 0, 0];
  let [in40, in100, rare] = [0, 0, 0];
  for (const [i, { pin, hidden }] of queries.entries()) {
    const best = bestOf(engine, settings, pin);
    const rank = best.indexOf(hidden) + 1;
    const weight = degreeOf(train.pinToBoard, hidden) ** -0.5;
    weightSum += weight;
    if (rank > 0) {
      found++;
      foundWeight += weight;
      ndcgs[i] = 1 / Math.log2(rank + 1);
    }
    slots += best.length;
    for (const each of best) {
      in40 += Number(hubs40.has(each));
      in100 += Number(hubs100.has(each));
      rare += Number(degreeOf(train.pinToBoard, each) < rareSaves);
    }
  }
  const ofTen = (count: number): number => (10 * count) / slots;
  return {
    recall: found / queries.length,
    ndcg: ndcgs.reduce((sum, each) => sum + each, 0) / queries.length,
    unbiasedRecall: foundWeight / weightSum,
    hubs40: ofTen(in40),
    hubs100: ofTen(in100),
    rare: ofTen(rare),
    ndcgs,
  };
}

/** NDCG as a multiple of another pipeline's on the same queries, with its 95 % interval by a paired bootstrap. */
export function ratioOf(one: Judgement, other: Judgement): { readonly ratio: number } & Interval {
  const [means, otherMeans] = resampledMeans([one.ndcgs, other.ndcgs], resamples, 1);
  const ratios = means!.map((mean, i) => mean / otherMeans![i]!);
  return { ratio: one.ndcg / other.ndcg, ...percentileInterval(ratios, 0.95) };
}

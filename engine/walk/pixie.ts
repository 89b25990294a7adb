import { EngineError } from '../errors.ts';
import { type PinBoardGraph, type PinIndex, nodeCount } from '../graph/index.ts';
import { randomSeedMax } from '../random/index.ts';
import type { TopPins } from '../rank/index.ts';
import { type WalkScratch, interleavedWalk } from './interleaved-walk.ts';

/** A query: pins to walk from, each with a positive weight. No pin twice. */
export interface PixieQuery {
  readonly pins: readonly PinIndex[];
  readonly weights: readonly number[];
}

/** What a caller may set; the rest comes from {@link pixieDefaults}. */
export interface PixieParams {
  /** Steps over all query pins together, 1 to {@link stepsMax}. */
  readonly steps: number;
  /** Chance, after each step, of going back to the query pin; 0 to 1. The paper's α. */
  readonly restartProbability: number;
}

/** The settings of the paper's own service: 100,000 steps, α = 0.5 (Pinterest engineering, 2018). */
export const pixieDefaults: PixieParams = { steps: 100_000, restartProbability: 0.5 };

/** The longest walk that one query may ask for. */
export const stepsMax = 10_000_000;

export interface PixieStats {
  /** Steps made: the sum of all visit counts. */
  readonly steps: number;
  /** Distinct pins visited, query pins and excluded ones aside. */
  readonly candidates: number;
}

/**
 * Pixie's basic random walk (Eksombatchai et al., WWW 2018, section 3.1): walks from each query pin, its
 * share of the steps proportional to its weight, and ranks pins by visits. A pin's score is its visits
 * divided by the steps made, so scores are shares of the walk and sum to at most 1.
 *
 * Fills `top` with the best pins, ties in favour of the smaller index; never a query pin nor one for which
 * `isExcluded` is true. The visits of the whole walk stay readable in `scratch.visits` until its next use.
 *
 * Same graph, query, parameters and seed: same answer, and the order of the query pins does not matter.
 * O(steps + candidates · log k). Throws `invalid-parameter` naming the field at fault.
 */
export function pixie(
  graph: PinBoardGraph,
  query: PixieQuery,
  params: PixieParams,
  randomSeed: number,
  scratch: WalkScratch,
  top: TopPins,
  isExcluded?: (pin: PinIndex) => boolean,
): PixieStats {
  assertPixieInput(graph, query, params, randomSeed);
  const { visits } = scratch;
  visits.begin(params.steps, nodeCount(graph.pinToBoard));
  const shares = shareSteps(query, params.steps);
  let steps = 0;
  for (const [i, pin] of query.pins.entries()) {
    steps += interleavedWalk(graph, pin, shares[i]!, params.restartProbability, randomSeed, scratch);
  }

  const isQueryPin = new Set(query.pins);
  let candidates = 0;
  for (let i = 0; i < visits.size; i++) {
    const slot = visits.touched[i]!;
    const pin = visits.entries[2 * slot]!;
    if (isQueryPin.has(pin) || isExcluded?.(pin)) continue;
    candidates++;
    top.offer(pin, visits.entries[2 * slot + 1]! / steps);
  }
  return { steps, candidates };
}

/**
 * Steps for each query pin, proportional to its weight and adding up to exactly `steps`: rounded down, the
 * rest dealt by largest remainder, ties to the smaller pin index. O(q log q).
 */
export function shareSteps(query: PixieQuery, steps: number): number[] {
  // Summed in the order of the pins, so that the order of the query cannot change the last bit.
  const byPin = [...query.pins.keys()].toSorted((i, j) => query.pins[i]! - query.pins[j]!);
  const weightSum = byPin.reduce((sum, i) => sum + query.weights[i]!, 0);
  const exact = query.weights.map((weight) => (weight / weightSum) * steps);
  const shares = exact.map(Math.floor);
  let left = steps - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = [...exact.keys()].toSorted(
    (i, j) => exact[j]! - shares[j]! - (exact[i]! - shares[i]!) || query.pins[i]! - query.pins[j]!,
  );
  for (const i of byRemainder) {
    if (left <= 0) break;
    shares[i]!++;
    left--;
  }
  return shares;
}

function assertPixieInput(
  graph: PinBoardGraph,
  query: PixieQuery,
  params: PixieParams,
  randomSeed: number,
): void {
  const pinCount = nodeCount(graph.pinToBoard);
  check(query.pins.length > 0, 'query', 'has no pin');
  check(query.pins.length === query.weights.length, 'query', 'needs one weight a pin');
  check(new Set(query.pins).size === query.pins.length, 'query', 'names a pin twice');
  for (const pin of query.pins) {
    check(
      Number.isInteger(pin) && pin >= 0 && pin < pinCount,
      'query',
      `pin ${pin} is not in [0, ${pinCount})`,
    );
  }
  for (const weight of query.weights) {
    check(weight > 0 && weight < Infinity, 'query', `weight ${weight} is not positive and finite`);
  }
  const { steps, restartProbability } = params;
  check(
    Number.isInteger(steps) && steps >= 1 && steps <= stepsMax,
    'steps',
    `${steps} is not an integer in [1, ${stepsMax}]`,
  );
  check(
    restartProbability >= 0 && restartProbability <= 1,
    'restartProbability',
    `${restartProbability} is not in [0, 1]`,
  );
  check(
    Number.isInteger(randomSeed) && randomSeed >= 0 && randomSeed <= randomSeedMax,
    'randomSeed',
    `${randomSeed} is not an integer in [0, ${randomSeedMax}]`,
  );
}

function check(holds: boolean, field: string, fault: string): void {
  if (!holds) throw new EngineError('invalid-parameter', field, `${field}: ${fault}`);
}

import {
  type PinBoardGraph,
  Engine,
  TopPins,
  createReasonScratch,
  findReasons,
  presets,
  resolvePipeline,
} from '../../engine/index.ts';
import { type BenchCase, hashOf, median } from './case.ts';
import { queriesOf } from './kernel.ts';

/** The time to find the reasons of 20 pins, as a share of the related query that found the pins. Query pins by degree. */
export function benchReasons(name: string, graph: PinBoardGraph, rounds: number): BenchCase {
  const engine = new Engine(graph);
  const scratch = createReasonScratch();
  const { candidates, score } = resolvePipeline(presets.related);
  const { algorithm, params } = candidates;
  const shares: number[] = [];
  let reasons: unknown[] = [];
  for (let round = 0; round <= rounds; round++) {
    let [queryMs, reasonMs] = [0, 0];
    reasons = queriesOf(graph, 48).map((pin) => {
      const query = { pins: [pin], weights: [1] };
      const top = new TopPins(20);
      const started = performance.now();
      engine.recommend(algorithm, query, params, 1, top, undefined, score);
      const best = top.drain().map((each) => each.pin);
      const queried = performance.now();
      const found = findReasons(graph, query, best, scratch);
      queryMs += queried - started;
      reasonMs += performance.now() - queried;
      return found;
    });
    if (round > 0) shares.push((100 * reasonMs) / queryMs); // the first round warms up
  }
  return { name, value: median(shares), unit: '% of the query', ratios: {}, hash: hashOf(reasons) };
}

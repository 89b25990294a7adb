import type { Query } from '../query.ts';
import type { Pipeline } from './pipeline.ts';

/**
 * Parameters for many query pins: sharpened single steps. Chosen on the validation parts of five data sets, by their mean
 * (docs/quality.md).
 */
export const manyPinsParams = {
  restartProbability: 1,
  startWeight: 0.2,
  popularityDiscount: 0.15,
  pinShrinkage: 5,
  boardShrinkage: 15,
  sharpening: 1,
  sharpeningPins: 10,
  boardSharpening: 0.3,
};

/**
 * The pipeline that runs for a query: with n query pins, each of {@link manyPinsParams} goes from its value in the pipeline
 * to the one there, and specificity to 0, by the share
 *
 *     many = (n − 1)² / ((n − 1)² + fadePins²)
 *
 * where `fadePins` is above 0; it is 0 in the result. n is their effective number, (Σw)² / Σw², so that a query pin of
 * almost no weight changes almost nothing; 1 without query pins. A pipeline whose `lastHop` is not `spread` stays as it is:
 * it cannot be sharpened.
 */
export function pipelineFor(pipeline: Pipeline, { weights }: Query): Pipeline {
  const { candidates, score } = pipeline;
  const { fadePins, params } = candidates;
  if (fadePins === 0) return pipeline;
  const n = params['lastHop'] === 'spread' ? effectiveCount(weights) : 1;
  // The square of the smallest numbers is 0, and 0 / 0 no number.
  const many = n === 1 ? 0 : (n - 1) ** 2 / ((n - 1) ** 2 + fadePins ** 2);
  const between = (one: number, other: number): number => rounded(one + (other - one) * many);
  const faded = Object.entries(manyPinsParams).map(([name, value]) => {
    return [name, between(params[name] as number, value)];
  });
  return {
    ...pipeline,
    candidates: { ...candidates, params: { ...params, ...Object.fromEntries(faded) }, fadePins: 0 },
    score: { ...score, specificity: between(score.specificity, 0) },
  };
}

function effectiveCount(weights: readonly number[]): number {
  const largest = weights.reduce((max, weight) => Math.max(max, weight), 0);
  let [sum, squares] = [0, 0];
  for (const weight of weights) {
    sum += weight / largest;
    squares += (weight / largest) ** 2;
  }
  return sum === 0 ? 1 : Math.max(1, sum ** 2 / squares);
}

/** For responses, which print these values; and the order of the weights must not change a bit of them. */
function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

import { expect, test } from 'vitest';
import {
  type Params,
  type Pipeline,
  Engine,
  pipelineFor,
  presets,
  resolvePipeline,
  runPipeline,
  settingsOf,
} from '../../engine/index.ts';
import { manyPinsParams } from '../../engine/pipeline/query-size.ts';
import { smallGraph } from '../graphs.ts';

const related = resolvePipeline(presets.related);

function paramsFor(weights: readonly number[], changes: Params = {}): Params {
  const { algorithm, params } = presets.related;
  const pipeline = resolvePipeline({ algorithm, params: { ...params, ...changes } });
  return settingsOf(pipelineFor(pipeline, { pins: weights.map((_, pin) => pin), weights })).params;
}

const equal = (count: number): number[] => Array.from({ length: count }, () => 0.5);

test('one query pin, or none, gets the parameters as they are given, with nothing left to fade', () => {
  const given = settingsOf(related).params;
  expect(paramsFor([3])).toEqual({ ...given, fadePins: 0 });
  expect(paramsFor([])).toEqual({ ...given, fadePins: 0 });
  expect(paramsFor([1], { popularityDiscount: 0.4 })['popularityDiscount']).toBe(0.4);
  expect(paramsFor([1], { fadePins: 1e-200 })).toEqual({ ...given, fadePins: 0 });
});

test('fadePins query pins beyond the first are halfway: restart 0.4 becomes 0.7, specificity 0.5 becomes 0.25', () => {
  expect(paramsFor(equal(3))).toMatchObject({
    restartProbability: 0.7,
    specificity: 0.25,
    sharpening: 0.5,
    boardSharpening: 0.15,
    popularityDiscount: 0.075,
    pinShrinkage: 2.5,
    boardShrinkage: 7.5,
    startWeight: 0.1,
    steps: 30_000,
  });
  expect(paramsFor(equal(5), { fadePins: 4 })['restartProbability']).toBe(0.7);
});

test('many query pins walk as those of ideas, without specificity', () => {
  const { specificity, ...params } = paramsFor(equal(1_000));
  expect(specificity).toBeLessThan(0.002);
  for (const [name, value] of Object.entries(manyPinsParams)) {
    expect(Math.abs(Number(params[name]) - value), name).toBeLessThanOrEqual(0.01 * value);
    expect(presets.ideas.params[name], name).toBe(value);
  }
});

test('query pins count by their weights, in any order: one of almost no weight changes almost nothing', () => {
  expect(paramsFor([1, 1e-4])['restartProbability']).toBe(0.4);
  expect(paramsFor([1, 1])['restartProbability']).toBe(0.52);
  expect(paramsFor([1, 3, 0.2])).toEqual(paramsFor([0.2, 1, 3]));
  expect(paramsFor([1, 3, 0.2])).toEqual(paramsFor([0.1, 0.3, 0.02]));
});

test('a pipeline that cannot be sharpened, and one without fadePins, stays as it is', () => {
  const drawn = paramsFor(equal(5), { lastHop: 'drawn' });
  expect(drawn).toMatchObject({ restartProbability: 0.4, sharpening: 0, specificity: 0.5, fadePins: 0 });
  const ideas: Pipeline = resolvePipeline(presets.ideas);
  expect(pipelineFor(ideas, { pins: [0, 1], weights: [1, 1] })).toBe(ideas);
});

test('the pipeline that ran is in the ranking, and run again gives the same list', () => {
  const engine = new Engine(smallGraph);
  const query = { pins: [0, 1, 2], weights: [1, 1, 1] };
  const options = { limit: 5, randomSeed: 7, isExcluded: () => false };
  const { best, pipeline } = runPipeline(engine, {}, query, related, options);
  expect(pipeline).toEqual(pipelineFor(related, query));
  const again = resolvePipeline(settingsOf(pipeline));
  expect(runPipeline(engine, {}, query, again, options).best).toEqual(best);
});

test('fadePins is refused for an algorithm without a restart probability', () => {
  expect(() => resolvePipeline({ algorithm: 'paths', params: { fadePins: 1 } })).toThrow(/fadePins/);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type AlgorithmName,
  Engine,
  type ParamSpec,
  type Params,
  type Query,
  TopPins,
  algorithmNames,
  algorithms,
  linearBuildParams,
  resolveParams,
  resolvePipeline,
} from '../../engine/index.ts';
import { computeLinear } from '../../graph-data/index.ts';
import { scoresOf, queryOf } from '../scores.ts';
import { smallGraph } from '../graphs.ts';

/** `params` is unknown on purpose: JSON and JavaScript let through values that the types would not. */
const engine = new Engine(smallGraph);
const linear = await computeLinear(smallGraph, resolveParams(linearBuildParams, {}));
const recommend = (name: AlgorithmName, query: Query, params: unknown = {}, seed = 1) =>
  scoresOf((top) => engine.recommend(name, query, params as Params, seed, top, undefined, { linear }));
const rejection = (field: string): unknown => expect.objectContaining({ code: 'invalid-parameter', field });
/** A pin of smallGraph. */
const pinWithoutBoards = 8;

const specs: [AlgorithmName, string, ParamSpec][] = algorithmNames.flatMap((name) =>
  Object.entries(algorithms[name]).map(([param, spec]): [AlgorithmName, string, ParamSpec] => [
    name,
    param,
    spec,
  ]),
);

function invalidValuesOf(spec: ParamSpec): unknown[] {
  const wrongTypes = [{}, [], [1], NaN, Infinity, -Infinity, ''];
  if (spec.kind === 'boolean') return [...wrongTypes, 'true', 0, 1];
  if (spec.kind === 'name') return [{}, [], 1, true, 'x'.repeat(65)];
  if (spec.kind === 'choice') return [...wrongTypes, 'nothing', spec.default.toUpperCase(), true, 0];
  const outside = [spec.min - 1e-9, spec.max + 1, -1e300, 1e300, String(spec.default), true];
  return [...wrongTypes, ...outside, ...(spec.kind === 'integer' ? [spec.min - 1, spec.min + 0.5] : [])];
}

function validValuesOf(spec: ParamSpec): (number | string | boolean)[] {
  if (spec.kind === 'boolean') return [true, false];
  if (spec.kind === 'name') return ['', 'click'];
  return spec.kind === 'choice' ? [...spec.values] : [spec.min, spec.max, spec.default];
}

/** Other parameters that a parameter of pixie requires to be valid or to have an effect. */
const requiredBy: Readonly<Record<string, Params>> = {
  stableTop: { earlyStop: 'stable' },
  stableOverlap: { earlyStop: 'stable' },
  sharpeningPins: { sharpening: 1 },
  boardSharpening: { lastHop: 'spread' },
};

test.each(specs)(
  'a parameter of %s: %s accepts its range and default, and nothing else',
  (name, param, spec) => {
    expect(resolvePipeline({ algorithm: name, params: {} }).candidates.params[param]).toBe(spec.default);
    for (const value of validValuesOf(spec)) {
      expect(
        resolvePipeline({
          algorithm: name,
          params: { ...(name === 'pixie' && requiredBy[param]), [param]: value },
        }).candidates.params[param],
      ).toBe(value);
    }
    for (const value of invalidValuesOf(spec)) {
      expect(() => recommend(name, queryOf(4), { [param]: value }), String(value)).toThrow(rejection(param));
    }
    for (const value of [undefined, null]) {
      expect(recommend(name, queryOf(4), { [param]: value })).toEqual(recommend(name, queryOf(4)));
    }
  },
);

test.each(specs.filter(([, , { kind }]) => kind === 'number' || kind === 'integer'))(
  'a parameter of %s: %s gives finite scores at the ends of its range',
  (name, param, spec) => {
    // Capped at two million: longer walks and larger tables would take too long.
    for (const value of validValuesOf(spec).map((end) => Math.min(Number(end), 2e6))) {
      const extra = name === 'pixie' ? (requiredBy[param] ?? {}) : {};
      for (const query of [queryOf(4), queryOf(0, 8), queryOf(1, 5, 7)]) {
        const { scores } = recommend(name, query, { ...extra, [param]: value });
        for (const score of scores.values()) expect(Number.isFinite(score)).toBe(true);
      }
    }
  },
);

test.each(algorithmNames)('a parameter unknown to %s is rejected with its name', (name) => {
  for (const param of ['nothing', 'Steps', 'toString', 'constructor']) {
    expect(() => recommend(name, queryOf(0), { [param]: 1 }), param).toThrow(rejection(param));
  }
});

describe.each(algorithmNames)('a query of %s', (name) => {
  test.each<[string, Query]>([
    ['no pin', { pins: [], weights: [] }],
    ['a repeated pin', queryOf(1, 2, 1)],
    ['a pin beyond the last', queryOf(9)],
    ['a negative pin', queryOf(-1)],
    ['a fractional pin', queryOf(0.5)],
    ['NaN as a pin', queryOf(NaN)],
    ['a string as a pin', { pins: ['1' as unknown as number], weights: [1] }],
    ['zero weights', { pins: [1, 2], weights: [0, 0] }],
    ['a negative weight', { pins: [1, 2], weights: [1, -1] }],
    ['NaN as a weight', { pins: [1], weights: [NaN] }],
    ['an infinite weight', { pins: [1], weights: [Infinity] }],
    ['a missing weight', { pins: [1, 2], weights: [1] }],
    ['an extra weight', { pins: [1], weights: [1, 1] }],
  ])(`a query of ${name} with %s is rejected`, (_, query) => {
    expect(() => recommend(name, query)).toThrow(rejection('query'));
  });

  test(`a query of ${name} with only pins without boards recommends nothing, or popular pins`, () => {
    const { stats, scores } = recommend(name, queryOf(pinWithoutBoards));
    expect(scores.size > 0).toBe(name === 'popular');
    if (name !== 'popular') expect(stats.candidates).toBe(0);
    expect(stats['steps'] ?? 0).toBe(0);
    expect(stats['boardsExpanded'] ?? 0).toBe(0);
    expect(Object.values(stats)).not.toContain(NaN);
  });

  test(`a query of ${name} ignores a pin without boards besides others`, () => {
    expect(recommend(name, queryOf(4, pinWithoutBoards, 1)).scores).toEqual(
      recommend(name, queryOf(4, 1)).scores,
    );
  });

  test(`a query of ${name} with the largest and smallest possible weights has finite scores`, () => {
    for (const weights of [
      [5e-324, 5e-324],
      [1e300, 1e-300],
      [1e-300, 1],
    ]) {
      for (const score of recommend(name, { pins: [1, 4], weights }).scores.values()) {
        expect(Number.isFinite(score)).toBe(true);
      }
    }
  });
});

test('an unknown algorithm is rejected', () => {
  for (const name of ['nothing', 'Pixie', 'toString', '']) {
    expect(() => recommend(name as AlgorithmName, queryOf(4)), name).toThrow(rejection('algorithm'));
  }
});

test('only pixie accepts a target', () => {
  for (const name of algorithmNames) {
    const run = () =>
      engine.recommend(name, queryOf(4), {}, 1, new TopPins(5), undefined, { target: 'boards' });
    if (name === 'pixie') expect(run().candidates).toBeGreaterThan(0);
    else expect(run, name).toThrow(rejection('target'));
  }
});

test.each([
  { boardShrinkage: 1e6, restartProbability: 0 },
  { boardShrinkage: 1e6, sharpening: 1, lastHop: 'spread' },
  { boardShrinkage: 1e6, sharpening: 1, steps: 10 },
  { boardShrinkage: 1e6, boost: true },
  { boardShrinkage: 1e6, earlyStop: 'stable', stableTop: 1 },
  { steps: 1, sharpening: 1 },
  { steps: 2, sharpening: 2, boardSharpening: 2, lastHop: 'spread' },
  { boardShrinkage: 1e6, steps: 20, boardSharpening: 2, lastHop: 'spread' },
  { steps: 1, earlyStop: 'stable' },
  { steps: 1, boost: true, earlyStop: 'visits', earlyStopPins: 1, earlyStopVisits: 1 },
])('pixie with %j has finite scores', (params) => {
  for (const score of recommend('pixie', queryOf(5, 1), params).scores.values()) {
    expect(Number.isFinite(score)).toBe(true);
  }
});

describe('docs/parameters.md', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/parameters.md'), 'utf8');
  const sectionOf = (name: string): string => text.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
  const rangeOf = (spec: ParamSpec): string => {
    if (spec.kind === 'boolean') return '`true`, `false`';
    if (spec.kind === 'name') return 'name';
    if (spec.kind === 'choice') return spec.values.map((value) => `\`${value}\``).join(', ');
    return `${spec.kind} in [${spec.min}, ${spec.max}]`;
  };

  const rowsOf = (section: string): string[][] =>
    [...section.matchAll(/^\| `.*\|$/gm)].map(([row]) =>
      row
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  const statedRows = (given: Readonly<Record<string, ParamSpec>>): string[][] =>
    Object.entries(given).map(([param, spec]) => [
      `\`${param}\``,
      rangeOf(spec),
      `\`${String(spec.default)}\``,
      spec.about,
    ]);

  test('docs/linear.md documents the parameters of item weights as specified', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/linear.md'), 'utf8');
    expect(rowsOf(page)).toEqual(statedRows(linearBuildParams));
  });

  test.each(algorithmNames)('docs/parameters.md documents the parameters of %s as specified', (name) => {
    expect(rowsOf(sectionOf(name))).toEqual(statedRows(algorithms[name]));
    expect(sectionOf(name).trim()).not.toBe('');
  });
});

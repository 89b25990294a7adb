import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Problem, validate, validator } from '../../api/base/index.ts';
import {
  generalForm,
  recommendationRequest,
  requestCompleter,
  shorthandParameters,
} from '../../api/contract/index.ts';
import { type OwnPresets, presets } from '../../engine/index.ts';

/** The value, or the faults. */
function outcomeOf(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { faults: error.errors };
  }
}

describe('a query string of which only the names that are there are parsed', () => {
  const texts = fc.constantFrom('1', '20', '0.5', 'true', '', '-1', 'express', 'title,url', '1e400');
  const names = fc.constantFrom(
    'limit',
    'explain',
    'fields',
    'randomSeed',
    'steps',
    'specificity',
    'algorithm',
    'lastHop',
    'unknown',
    '__proto__',
    'constructor',
  );
  const queries = fc
    .uniqueArray(fc.tuple(names, fc.oneof(texts, fc.array(texts, { maxLength: 3 }))), {
      maxLength: 5,
      selector: ([name]) => name,
    })
    .map((entries) => {
      // As the parser of query strings makes them.
      const query = Object.create(null) as Record<string, unknown>;
      for (const [name, value] of entries) query[name] = value;
      return query;
    });

  test('gives the result of the whole schema, with the same faults, in the same order', () => {
    const parse = validator(shorthandParameters);
    let valid = 0;
    fc.assert(
      fc.property(queries, (query) => {
        const expected = outcomeOf(() => Object.entries(validate(shorthandParameters, query)));
        const actual = outcomeOf(() =>
          Object.entries(parse(query)).filter(([, value]) => value !== undefined),
        );
        expect(actual).toEqual(expected);
        valid += Number(Object.keys(expected as object)[0] === 'value');
      }),
      { numRuns: 500 },
    );
    expect(valid).toBeGreaterThan(20);
  });

  test('a schema that requires a field, or checks the whole, is parsed whole', () => {
    const required = z.strictObject({ id: z.string(), limit: z.string().optional() });
    expect(outcomeOf(() => validator(required)({ limit: '1' }))).toEqual(
      outcomeOf(() => validate(required, { limit: '1' })),
    );
    const checked = z.strictObject({ a: z.string().optional() }).refine(({ a }) => a !== 'no');
    expect(outcomeOf(() => validator(checked)({ a: 'no' }))).toMatchObject({ faults: [{ pointer: '' }] });
  });
});

describe('a completed request', () => {
  const fields = (query: Record<string, string>) => ({
    query: [{ pin: 'express', weight: 1 }],
    target: 'pins' as const,
    ...generalForm(validate(shorthandParameters, query)),
  });

  test('it is that of the general form, the first time and later', () => {
    const complete = requestCompleter(() => new Map());
    for (const query of [{}, { limit: '5' }, { specificity: '0.1' }, { algorithm: 'ideas' }, {}]) {
      const { exclude: _, whyNot: __, ...given } = { exclude: 0, whyNot: 0, ...fields(query) };
      expect(complete(fields(query))).toEqual(recommendationRequest.parse(given));
    }
  });

  test('presets that change apply at once', () => {
    let own: OwnPresets = new Map();
    const complete = requestCompleter(() => own);
    const stepsNow = (): unknown => complete(fields({})).pipeline.candidates.params['steps'];
    expect(stepsNow()).toBe(presets.related.params['steps']);
    own = new Map([['related', { algorithm: 'pixie', params: { steps: 77 } }]]);
    expect(stepsNow()).toBe(77);
    expect(stepsNow()).toBe(77);
    own = new Map();
    expect(stepsNow()).toBe(presets.related.params['steps']);
  });

  test('faults are found after the pipeline of a preset is known', () => {
    const complete = requestCompleter(() => new Map());
    complete(fields({}));
    expect(() => complete(fields({ algorithm: 'ideas', boost: 'true' }))).toThrow(Problem);
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Problem, recommendationRequest, pinRequest, savesRequest, validate } from '../../api/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const page = readFileSync(path.join(import.meta.dirname, '../../docs/limits.md'), 'utf8');
/** The value of a row of docs/limits.md. */
const limitOf = (name: string): number => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} `));
  return Number(row!.split('|')[2]!.replaceAll(',', ''));
};
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));
const query = [{ pin: 'basil' }];

const list = (count: number): number[] => Array<number>(count).fill(1);
const names = (count: number): Record<string, number> =>
  Object.fromEntries(list(count).map((value, i) => [`name ${i}`, value]));
const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = [value];
  return value;
};
const faultOf = (schema: Parameters<typeof validate>[0], input: unknown): string => {
  try {
    validate(schema, input);
    return 'none';
  } catch (error) {
    const { code, errors } = error as Problem;
    return `${code} ${errors.map(({ pointer, code: fault }) => `${pointer} ${fault}`).join()}`;
  }
};

test.each([
  ['names of one object', names, '/attributes/deep'],
  ['elements of one list', list, '/attributes/deep'],
  ['characters of a name', (count: number) => ({ ['a'.repeat(count)]: 1 }), '/attributes/deep'],
])('accepts the documented maximum of %s in attributes, and refuses one more', (name, make, pointer) => {
  const limit = limitOf(name);
  expect(faultOf(pinRequest, { attributes: { deep: make(limit) } })).toBe('none');
  expect(faultOf(pinRequest, { attributes: { deep: make(limit + 1) } })).toBe(
    `invalid-request ${pointer} too-big`,
  );
});

test('refuses more levels than documented before it looks for other faults', () => {
  const limit = limitOf('levels of a body or line');
  expect(faultOf(recommendationRequest, nested(limit))).not.toContain('too-big');
  expect(faultOf(recommendationRequest, nested(limit + 1))).toBe(
    `invalid-request ${'/0'.repeat(limit)} too-big`,
  );
});

test('accepts the documented number of values in a body, and refuses one more', () => {
  const limit = limitOf('names and elements of a body or line');
  const lists = Object.fromEntries(list(19).map((_, i) => [i, list(10_000)]));
  const attributes = { ...lists, rest: list(limit - 19 * 10_000 - 21) };
  expect(faultOf(pinRequest, { attributes })).toBe('none');
  attributes.rest.push(1);
  expect(faultOf(pinRequest, { attributes })).toBe('invalid-request  too-big');
});

test.each([
  [
    'a text in `params`',
    'characters of a text in `params`',
    (text: string) => ({ params: { lastHop: text } }),
  ],
  ['a filter', 'characters of a value in a filter', (text: string) => ({ filter: { title: text } })],
  ['an `in`', 'characters of a value in a filter', (text: string) => ({ filter: { title: { in: [text] } } })],
  ['a `not`', 'characters of a value in a filter', (text: string) => ({ filter: { title: { not: text } } })],
  ['a `lt`', 'characters of a value in a filter', (text: string) => ({ filter: { title: { lt: text } } })],
])('refuses %s with more characters than documented', (_, name, make) => {
  const faults = (count: number) => faultOf(recommendationRequest, { query, ...make('a'.repeat(count)) });
  expect(faults(limitOf(name))).not.toMatch(/too-big|invalid-union/);
  expect(faults(limitOf(name) + 1)).toMatch(/too-big|invalid-union/);
});

test('refuses a time with more characters than documented', () => {
  const save = {
    user: 'ann',
    pin: 'basil',
    savedAt: '2026-05-17'.padEnd(limitOf('characters of a time') + 1),
  };
  expect(faultOf(savesRequest, save)).not.toBe('none');
});

test('refuses too many names in params and filter with one fault, which points at them', async () => {
  const limit = limitOf('names in `params`');
  const of = async (part: object) => server.post('/v1/recommendations', { query, ...part });
  const tooMany = await of({ params: names(limit + 1) });
  expect(tooMany).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  expect(tooMany.body.errors).toMatchObject([{ pointer: '/params', detail: `has over ${limit} names` }]);
  const unknown = await of({ params: names(limit) });
  expect(unknown.body.errors).toHaveLength(limit);
  const filtered = await of({ filter: names(33) });
  expect(filtered).toMatchObject({ status: 422, body: { errors: [{ pointer: '/filter' }] } });
});

test.each([
  ['params', { query, params: names(60_000) }, '/params'],
  ['a filter', { query, filter: names(60_000) }, '/filter'],
])('refuses 60,000 names in %s, alone and in a batch, with one fault', async (_, request, pointer) => {
  const alone = await server.post('/v1/recommendations', request);
  expect(alone).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [{ pointer }] } });
  const batch = await server.post('/v1/recommendations/batch', { requests: [{ query }, request] });
  expect(batch).toMatchObject({
    status: 400,
    body: { code: 'invalid-request', errors: [{ pointer: `/requests/1${pointer}` }] },
  });
});

test('lists all faults of a small body, and the first one of a body with more values than documented', async () => {
  const limit = limitOf('names and elements of a body whose faults are all listed');
  const bodyOf = (values: number) => ({ query, fields: [1, 2], exclude: { pins: list(values) } });
  const few = await server.post('/v1/recommendations', bodyOf(20));
  expect(few.body.errors).toHaveLength(22);
  const many = await server.post('/v1/recommendations', bodyOf(limit));
  expect(many.body.errors).toHaveLength(1);
});

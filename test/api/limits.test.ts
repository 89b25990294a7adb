import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seenBytesMax } from '../../api/runtime/serving/page-cache.ts';
import { batchDefaults } from '../../api/runtime/serving/walk-pool.ts';
import { pinFieldsMax } from '../../graph-data/database/schema.ts';
import { fieldLengthMaxDefault, filteredMax } from '../../api/recommend/recommend.ts';
import { recommendationRequest } from '../../api/index.ts';
import { settingsSchema } from '../../api/operations/settings.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** The limits of docs/limits.md are those of the schemas: the maximum is accepted, one more is refused. */
const text = readFileSync(`${import.meta.dirname}/../../docs/limits.md`, 'utf8');
const documented = new Map(
  [...text.matchAll(/^\| (.+?) +\| ([\d,]+) +\|/gm)].map(([, name, value]) => [
    name!,
    Number(value!.replaceAll(',', '')),
  ]),
);
const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));

const many = <Value>(count: number, make: (i: number) => Value): Value[] =>
  Array.from({ length: count }, (_, i) => make(i));
const query = [{ pin: 'basil' }];

/** A request with this amount of one quantity. */
const requests: Readonly<Record<string, (count: number) => object>> = {
  'bytes of a key': (count) => ({ query: [{ pin: 'a'.repeat(count) }] }),
  'entries of a query': (count) => ({ query: many(count, () => ({ pin: 'basil' })) }),
  'items of a list (`limit`)': (limit) => ({ query, limit }),
  'pins in `exclude.pins`': (count) => ({ query, exclude: { pins: many(count, String) } }),
  'fields of items (`fields`)': (count) => ({ query, fields: many(count, String) }),
  'fields in a filter': (count) => ({
    query,
    filter: Object.fromEntries(many(count, (i) => [`field ${i}`, 1])),
  }),
  'values of an `in`': (count) => ({ query, filter: { price: { in: many(count, (i) => i) } } }),
  'steps of a walk (`steps`)': (steps) => ({ query, params: { steps } }),
  'boards that `ppr` expands (`boardsMax`)': (boardsMax) => ({
    query,
    algorithm: 'ppr',
    params: { boardsMax },
  }),
};

test.each(Object.entries(requests))(
  'accepts the documented maximum of %s, and refuses one more',
  (name, requestOf) => {
    const limit = documented.get(name)!;
    expect(recommendationRequest.safeParse(requestOf(limit)).success).toBe(true);
    expect(recommendationRequest.safeParse(requestOf(limit + 1)).success).toBe(false);
  },
);

test('accepts the documented number of requests in a batch, and refuses one more', () => {
  const limit = documented.get('requests of a batch')!;
  const { body } = server.routes.find(({ operationId }) => operationId === 'recommendBatch')!;
  const batchOf = (count: number): object => ({ requests: many(count, () => ({ query })) });
  expect(body!.safeParse(batchOf(limit)).success).toBe(true);
  expect(body!.safeParse(batchOf(limit + 1)).success).toBe(false);
});

test('accepts the documented bytes of an unpacked body, and refuses one more', async () => {
  const limit = documented.get('bytes of a body, unpacked')!;
  const bodyOf = (bytes: number): string => JSON.stringify({ query }).padEnd(bytes, ' ');
  expect((await server.post('/v1/recommendations', bodyOf(limit))).status).toBe(200);
  expect((await server.post('/v1/recommendations', bodyOf(limit + 1))).body).toMatchObject({
    code: 'body-too-large',
  });
});

test('the documented work of one request is that of the code', () => {
  expect(documented.get('candidates whose fields a filter reads')).toBe(filteredMax);
  expect(documented.get('names of attributes of pins that a filter is checked against')).toBe(pinFieldsMax);
  const { requestWorkMax } = settingsSchema.parse({});
  expect(documented.get('units of work (`requestWorkMax`)')).toBe(requestWorkMax);
  const { batchMsMax, batchBytesMax } = batchDefaults;
  expect(documented.get('seconds after which a batch starts no further request')).toBe(batchMsMax / 1000);
  expect(documented.get('bytes of lists after which a batch starts no further request')).toBe(batchBytesMax);
  expect(documented.get('characters of the fields of a list')).toBe(fieldLengthMaxDefault);
  expect(documented.get('bytes of the keys on the pages before a page')).toBe(seenBytesMax);
});

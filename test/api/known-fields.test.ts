import { describe, expect, test } from 'vitest';
import { openGraph, recommend } from '../../index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { Store, importFiles } from '../../graph-data/index.ts';
import { pinFieldsMax } from '../../graph-data/database/schema.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';
import { fillWithRecipes, keysOf } from './recipes.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite(fillWithRecipes);
const filtered = (filter: object, more: object = {}) =>
  server.post('/v1/recommendations', { query: [{ pin: 'basil' }], filter, ...more });

describe('a filter on a field that no pin has', () => {
  test('a mistyped field is refused, with the field that was meant', async () => {
    const { status, body } = await filtered({ seasn: 'autumn' });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'invalid-filter',
      errors: [
        {
          pointer: '/filter/seasn',
          code: 'unknown-field',
          detail: 'no pin has a field "seasn"; did you mean "season"?',
        },
      ],
    });
  });

  test('an unknown field is refused with the fields that pins have, also in a batch and by the library', async () => {
    const detail =
      '/filter/language: no pin has a field "language"; pins have title, text, url, imageUrl, createdAt, key, season';
    expect((await filtered({ language: 'en' })).body).toMatchObject({ code: 'invalid-filter', detail });
    const request = { query: [{ pin: 'basil' }], filter: { language: 'en' } };
    const { body } = await server.post('/v1/recommendations/batch', { requests: [request] });
    expect(body.answers).toMatchObject([{ status: 422, problem: { code: 'invalid-filter', detail } }]);
    using graph = openGraph(server.folder.root);
    expect(() => recommend(graph, request)).toThrow(detail);
  });

  test('conditions that a pin without the field meets are accepted: the field may come later', async () => {
    const all = ['garlic', 'olive', 'onion', 'tomato'];
    expect(keysOf(await filtered({ blocked: { not: true } })).toSorted()).toEqual(all);
    expect(keysOf(await filtered({ blocked: { exists: false } })).toSorted()).toEqual(all);
  });

  test('the key of an item is a field to return, as it is one of a filter', async () => {
    const { body } = await server.post('/v1/recommendations', { query: [{ pin: 'basil' }], fields: ['key'] });
    const items = body.items as { pin: string; fields: object }[];
    expect(items.length).toBeGreaterThan(0);
    expect(items.map(({ fields }) => fields)).toEqual(items.map(({ pin }) => ({ key: pin })));
  });

  test('a mistyped field to return is refused, also in a query string; one that resembles no other may come later', async () => {
    const query = [{ pin: 'basil' }];
    const detail = '/fields/1: no pin has a field "titlee"; did you mean "title"?';
    const { status, body } = await server.post('/v1/recommendations', {
      query,
      fields: ['season', 'titlee', 'imageurl', 'url'],
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({
      code: 'invalid-request',
      detail: `${detail}; /fields/2: no pin has a field "imageurl"; did you mean "imageUrl"?`,
    });
    expect((await server.get('/v1/pins/basil/related?fields=title,titlee')).body).toMatchObject({ detail });
    for (const sound of [{ fields: ['absent'] }, { target: 'boards', fields: ['titlee'] }])
      expect(await server.post('/v1/recommendations', { query, ...sound })).toMatchObject({ status: 200 });
  });

  test('fields of boards and users are not checked, since they may be personal', async () => {
    expect(await filtered({ language: 'en' }, { target: 'boards' })).toMatchObject({ status: 200 });
  });

  test('a field is known as soon as a pin has it', async () => {
    expect(await filtered({ diet: 'vegan' })).toMatchObject({ status: 422 });
    const attributes = { diet: 'vegan' };
    const body = JSON.stringify({ attributes });
    const headers = { 'content-type': 'application/json' };
    await server.get('/v1/pins/olive', { method: 'PUT', headers, body });
    expect(keysOf(await filtered({ diet: 'vegan' }))).toEqual(['olive']);
  });
});

test('a second import adds its fields to those of the first, and a full list of fields proves nothing', async () => {
  const folder = temporaryDataFolder();
  await importFiles(folder, [writeInput(folder, 'pins.csv', 'pin,price\nbasil,2\n')]);
  await importFiles(folder, [writeInput(folder, 'more.csv', 'pin,size\nbasil,5\n')]);
  const known = () => {
    const store = Store.open(folder);
    const fields = store.pinFields();
    store.close();
    return fields;
  };
  expect(known().areAll).toBe(true);
  expect(known().names.slice(-2)).toEqual(['price', 'size']);
  const names = Array.from({ length: pinFieldsMax }, (_, i) => `field${i}`);
  const database = openDatabase(folder);
  const attributes = JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])));
  database.prepare('UPDATE pins SET attributes = ?').run(attributes);
  database.prepare('UPDATE pins SET attributes = ?').run('{"one more":1}');
  const { count } = database.prepare('SELECT count(*) AS count FROM pin_fields').get() as { count: number };
  database.close();
  expect(known().areAll).toBe(false);
  expect(count).toBeLessThanOrEqual(2 * pinFieldsMax);
  expect(known().names).not.toContain('one more');
});

test.each([
  ['/v1/pins/basil/related?explain=1', '/explain: must be true or false'],
  ['/v1/search?q=basil&expand=yes', '/expand: must be true or false'],
])('GET %s is refused with the two values that a boolean has', async (path, detail) => {
  expect((await server.get(path)).body).toMatchObject({ code: 'invalid-request', detail });
});

test.each([
  [{ season: { eq: 'all' } }, '/filter/season/eq: there is no operator "eq": the operators are lt, lte, gt,'],
  [{ season: {} }, '/filter/season: has no condition: the operators are lt, lte,'],
  [
    { season: ['all'] },
    '/filter/season: must be a text, a number, true, false, or an object of conditions: lt,',
  ],
])('the problem for the filter %j names the operators', async (filter, detail) => {
  const { body } = await filtered(filter);
  expect(body.code).toBe('invalid-filter');
  expect(body.detail).toContain(detail);
});

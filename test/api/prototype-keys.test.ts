import { describe, expect, test } from 'vitest';
import { type DataFolder, importFiles } from '../../graph-data/index.ts';
import { writeInput } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** Names that every JavaScript object inherits are ordinary ids and JSON keys. */
const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  'toJSON',
];

const fill = async (folder: DataFolder): Promise<void> => {
  const saves = names.flatMap((name) => [
    `{"user":"${name}","board":"${name}","pin":"basil"}`,
    `{"user":"${name}","board":"${name}","pin":"${name}"}`,
    `{"user":"other ${name}","board":"other ${name}","pin":"${name}"}`,
    `{"user":"other ${name}","board":"other ${name}","pin":"beside ${name}"}`,
  ]);
  const pins = [`{"pin":"basil","title":"Basil"}`, `{"pin":"valueOf","constructor":"red","toString":7}`];
  await importFiles(folder, [
    writeInput(folder, 'saves.jsonl', saves.join('\n')),
    writeInput(folder, 'pins.jsonl', pins.join('\n')),
  ]);
};
const server = serveForSuite(fill);
const pristine = Object.getOwnPropertyNames(Object.prototype).toSorted();
const recommend = (json: string) => server.post('/v1/recommendations', json);
const pins = ({ body }: { body: { items: { pin: string }[] } }) => body.items.map(({ pin }) => pin);
const pointers = ({ body }: { body: { errors: { pointer: string }[] } }) =>
  body.errors.map(({ pointer }) => pointer);

describe.each(names)('%s', (name) => {
  test('an id with an inherited name is found, recommended, excluded and explained', async () => {
    expect(pins(await server.get(`/v1/pins/${name}/related`))).toContain(`beside ${name}`);
    expect(pins(await server.get('/v1/pins/basil/related?explain=true'))).toContain(name);
    expect(pins(await server.get(`/v1/boards/${name}/ideas`))).toContain(`beside ${name}`);
    expect(pins(await server.get(`/v1/users/${name}/feed`))).toContain(`beside ${name}`);
    const boards = await server.get(`/v1/users/${name}/boards`);
    expect(boards.body.items.map(({ board }: { board: string }) => board)).toContain(`other ${name}`);
    const without = await recommend(`{"query":[{"pin":"basil"}],"exclude":{"pins":["${name}"]}}`);
    expect(pins(without)).not.toContain(name);
    expect(pins(without)).toHaveLength(2 * names.length - 1);
  });

  test('an absent id with an inherited name is unknown', async () => {
    expect((await server.get(`/v1/pins/${name}2/related`)).body.code).toBe('unknown-pin');
    const next = await server.get(`/v1/recommendations/${name}/next`, { method: 'POST' });
    expect(next.body.code).toBe('unknown-recommendation');
    expect((await server.get(`/${name}`)).body.code).toBe('unknown-route');
  });

  test.each([
    [`{"query":[{"pin":"basil"}],"${name}":1}`, `/${name}`],
    [`{"query":[{"pin":"basil"}],"${name}":{"limit":1}}`, `/${name}`],
    [`{"query":[{"pin":"basil","${name}":{"weight":2}}]}`, `/query/0/${name}`],
    [`{"query":[{"pin":"basil"}],"exclude":{"${name}":["basil"]}}`, `/exclude/${name}`],
    [`{"query":[{"pin":"basil"}],"params":{"${name}":5}}`, `/params/${name}`],
    [`{"query":[{"pin":"basil"}],"params":{"${name}":{"steps":5}}}`, `/params/${name}`],
    [`{"query":[{"pin":"basil"}],"algorithm":"${name}"}`, '/algorithm'],
    [`{"query":[{"pin":"basil"}],"target":"${name}"}`, '/target'],
    [`{"query":[{"pin":"basil"}],"filter":{"title":{"${name}":"x"}}}`, `/filter/title/${name}`],
    [
      `{"query":[{"pin":"basil"}],"filter":{"title":{"lt":"x","${name}":{"in":["x"]}}}}`,
      `/filter/title/${name}`,
    ],
    [`{"requests":[],"${name}":[]}`, `/${name}`],
    [`{"${name}":{"query":[{"pin":"basil"}]}}`, `/${name}`],
  ])('refuses an inherited name as a JSON key: %s', async (json, pointer) => {
    const response = await recommend(json);
    const [status, code] = pointer.startsWith('/filter') ? [422, 'invalid-filter'] : [400, 'invalid-request'];
    expect(response).toMatchObject({ status, body: { code } });
    expect(pointers(response)).toContain(pointer);
  });

  test('a filter on an inherited name reads the stored attributes, or is refused', async () => {
    const filter = (wish: string) => recommend(`{"query":[{"pin":"basil"}],"filter":{"${name}":${wish}}}`);
    if (name === '__proto__') {
      // zod's records skip this name: refused rather than ignored.
      for (const wish of ['{"exists":true}', '"x"', '{"in":[]}']) {
        expect(pointers(await filter(wish))).toEqual(['/filter/__proto__']);
      }
      return;
    }
    const isStored = ['constructor', 'toString'].includes(name);
    const holders = await filter('{"exists":true}');
    if (isStored) expect(pins(holders)).toEqual(['valueOf']);
    else expect(holders).toMatchObject({ status: 422, body: { errors: [{ code: 'unknown-field' }] } });
    expect(pins(await filter('{"exists":false}'))).toHaveLength(2 * names.length - Number(isStored));
  });

  test('refuses an inherited name as a query parameter', async () => {
    const response = await server.get(`/v1/pins/basil/related?${name}=1`);
    expect(response.status).toBe(400);
    expect(pointers(response)).toEqual([`/${name}`]);
    expect((await server.get(`/v1/pins/basil/related?limit[${name}]=1`)).status).toBe(400);
  });

  test('a field with an inherited name returns the stored attribute, and nothing else', async () => {
    const fieldOf = new Map<string, object>(
      (await server.get(`/v1/pins/basil/related?fields=${name}&limit=100`)).body.items.map(
        ({ pin, fields }: { pin: string; fields: object }) => [pin, fields],
      ),
    );
    const stored = { constructor: 'red', toString: 7 };
    expect(fieldOf.get('valueOf')).toEqual(
      Object.hasOwn(stored, name) ? { [name]: stored[name as keyof typeof stored] } : {},
    );
    expect(fieldOf.get('then')).toEqual({});
  });
});

test('reports each __proto__ key once, at any depth', async () => {
  const twice = '{"query":[{"pin":"basil"}],"__proto__":{"__proto__":1},"params":{"__proto__":1}}';
  expect(pointers(await recommend(twice)).toSorted()).toEqual([
    '/__proto__',
    '/__proto__/__proto__',
    '/params/__proto__',
  ]);
  const deep = `${'{"__proto__":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
  const response = await recommend(deep);
  expect(response.status).toBe(400);
  expect(pointers(response).length).toBeLessThanOrEqual(100);
});

test('no request has changed Object.prototype', () => {
  expect(Object.getOwnPropertyNames(Object.prototype).toSorted()).toEqual(pristine);
  expect(server.logLines.join('')).not.toContain('unexpected');
});

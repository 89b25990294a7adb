import { beforeAll, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from '../api/server.ts';
import { type Operation, Document } from './rest-document.ts';

/** Rules of requests that a generator of clients needs: the document has them, as the server applies them. */

const server = serveForSuite(async (folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']));
// eslint-disable-next-line typescript/no-explicit-any
let openapi: any;
let document: Document;
beforeAll(async () => {
  openapi = (await server.get('/openapi.json')).body;
  document = new Document(openapi);
});

const operation = (id: string): Operation => document.operations.find((each) => each.id === id)!;
const parameter = (id: string, name: string) => {
  const { path, method, parameters } = operation(id);
  const at = parameters.findIndex((each) => each.name === name);
  return {
    description: (openapi.paths[path][method].parameters[at] as { description: string }).description,
    isValid: (value: unknown) =>
      document.faultsOf(value, 'paths', path, method, 'parameters', String(at), 'schema') === undefined,
  };
};

test.each([
  ['2026-05-17', true],
  ['2026-05', true],
  ['2026-05-17T09:30', true],
  ['2026-05-17 09:30:15.123456789 +02', true],
  ['2026-05-17 09:30 UTC', true],
  ['1779000000', true],
  ['-1779000000', true],
  ['17790000000000000000', true],
  ['17790000', false],
  ['2026', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['9999-12-31', false],
  ['2026-05-17T25:00', false],
  ['yesterday', false],
  ['', false],
  [1_779_000_000, true],
  [99_999_999, false],
  [-99_999_999, false],
  [-62_167_219_200, true],
  [-62_167_219_201, false],
  [-62_167_219_200_000, true],
  [-62_167_219_200_001, false],
  [99_999_999_999_999, true],
  [1e20, false],
])('the time %j of a save is as valid in the document as for the server (%j)', async (savedAt, isValid) => {
  const save = { user: 'ann', pin: 'p', savedAt };
  expect(document.bodyFaults(operation('addSaves'), save) === undefined).toBe(isValid);
  expect((await server.post('/v1/saves', save)).status).toBe(isValid ? 201 : 400);
});

test.each(['k', 'x'.repeat(255), '!~', '', 'x'.repeat(256), 'a b', 'ü'])(
  'the Idempotency-Key %j is as valid in the document as for the server',
  async (key) => {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    const body = JSON.stringify({ title: 'x' });
    const { status } = await server.get('/v1/pins/basil', { method: 'PUT', headers, body });
    expect(parameter('putPin', 'Idempotency-Key').isValid(key)).toBe(status === 200);
  },
);

test.each([
  [[{ pin: 'basil' }], true],
  [[{ pin: 'basil', board: 'pasta' }], false],
  [[{ weight: 2 }], false],
  [[{ pin: 'x'.repeat(513) }], false],
  [[], false],
])('the query %j is as valid in the document as for the server', async (query, isValid) => {
  expect(document.bodyFaults(operation('recommend'), { query }) === undefined).toBe(isValid);
  expect((await server.post('/v1/recommendations', { query })).status).toBe(isValid ? 200 : 400);
});

test('a condition of a filter and a stored key are not empty', async () => {
  const body = { query: [{ pin: 'basil' }], filter: { title: {} } };
  expect(document.bodyFaults(operation('recommend'), body)).toBeDefined();
  expect((await server.post('/v1/recommendations', body)).status).toBe(422);
  const save = { user: '', pin: 'p' };
  expect(document.bodyFaults(operation('addSaves'), save)).toBeDefined();
  expect((await server.post('/v1/saves', save)).status).toBe(400);
});

test.each(['title', '', 'title,url', 'title,,url', 'x'.repeat(200), 'x'.repeat(201)])(
  'the fields %j of a query string are as valid in the document as for the server',
  async (fields) => {
    const { status } = await server.get(`/v1/pins/basil/related?fields=${fields}`);
    const list = fields === '' ? [] : fields.split(',');
    expect(parameter('relatedPins', 'fields').isValid(list)).toBe(status === 200);
  },
);

test('the document says which bodies can be left out', async () => {
  const required: Record<string, boolean> = {};
  for (const { id, path, method, hasBody } of document.operations.filter((each) => each.hasBody)) {
    const url = path.replaceAll(/\{\w+\}/g, 'basil');
    const { body } = await server.get(url, { method: method.toUpperCase() });
    required[id] = hasBody && body.code === 'invalid-request';
    expect.soft(openapi.paths[path][method].requestBody.required ?? false, id).toBe(required[id]);
  }
  expect(required).toMatchObject({
    buildSnapshot: false,
    activateSnapshot: false,
    addSaves: true,
    putUser: true,
  });
});

test('every operation says that headers can be too large', () => {
  const without = document.operations.filter(({ responses }) => responses['431'] === undefined);
  expect(without.map(({ id }) => id)).toEqual([]);
});

test('the document says that a search expands pins only', async () => {
  expect(parameter('search', 'kind').description).toContain('`expand`');
  expect(parameter('search', 'expand').description).toContain('`pins`');
  expect((await server.get('/v1/search?q=b&kind=users&expand=true')).status).toBe(400);
  expect((await server.get('/v1/search?q=b&kind=users&expand=false')).status).toBe(200);
});

test('the schemas of the document have nothing that generators of clients trip over', () => {
  const text = JSON.stringify(openapi.components.schemas);
  // Fields with defaults become required, false is no schema, and alternatives by `required` have no type.
  expect(text).not.toMatch(/"default":|"prefixItems":|"items":false|"oneOf":\[\{"required"/);
  expect(openapi.components.schemas.RecommendationRequest.properties.limit.description).toBe(
    'Items at most. Default: 20.',
  );
});

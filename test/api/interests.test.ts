import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { editsFile, treeFile } from '../../graph-data/index.ts';
import { importTopics, topics } from '../topics.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite(importTopics);

const put = (id: string, body: unknown): Promise<Answer> =>
  server.get(`/v1/interests/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly hidden: boolean;
  readonly counts: { readonly pins: number };
}

const list = async (query = ''): Promise<readonly Listed[]> =>
  ((await server.get(`/v1/interests${query}`)).body as { interests: Listed[] }).interests;
const idOf = async (name: string): Promise<string> =>
  (await list('?hidden=true')).find((each) => each.name === name)!.id;

test('lists interests with their sizes and most saved pins, page by page', async () => {
  const all = await list();
  expect(await list('?depth=1')).toMatchObject(
    topics.map(() => ({ parent: null, depth: 1, counts: { pins: 20, boards: 12 } })),
  );
  const names = [];
  let cursor = '';
  do {
    const { body } = await server.get(`/v1/interests?limit=2${cursor}`);
    names.push(...body.interests.map(({ name }: Listed) => name));
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
  } while (cursor !== '');
  expect(names).toEqual(all.map(({ name }) => name));
  const { body } = await server.get('/v1/interests?cursor=nothing');
  expect(body.errors).toMatchObject([{ pointer: '/cursor', code: 'invalid-cursor' }]);
});

test('shows one interest, its children, and as many pins as requested', async () => {
  const id = await idOf('my bread');
  const { body } = await server.get(`/v1/interests/${id}?pins=3`);
  expect(body).toMatchObject({ id, name: 'my bread', words: ['bread'], above: [], hidden: false, edit: {} });
  expect(body.topPins).toHaveLength(3);
  expect(body.topPins[0].title).toMatch(/^bread of the day/);
  for (const child of body.children) {
    expect((await server.get(`/v1/interests/${child.id}`)).body.above).toEqual([{ id, name: 'my bread' }]);
  }
  const below = await list(`?parent=${id}`);
  expect(below.map((each) => each.id)).toEqual(body.children.map((each: Listed) => each.id));
  expect((await server.get('/v1/interests/aaaaaaaa')).body.code).toBe('unknown-interest');
});

test('an edit renames, hides, merges, and is taken back by an empty one', async () => {
  const [bread, rock] = [await idOf('my bread'), await idOf('my rock')];
  expect((await put(bread, { name: 'Baking' })).body).toMatchObject({
    name: 'Baking',
    edit: { name: 'Baking' },
  });
  expect(JSON.parse(readFileSync(editsFile(server.folder), 'utf8')).interests).toEqual({
    [bread]: { name: 'Baking' },
  });
  await put(bread, { hidden: true });
  expect((await list()).map(({ id }) => id)).not.toContain(bread);
  expect((await list('?hidden=true')).find(({ id }) => id === bread)).toMatchObject({ hidden: true });
  const merged = await put(bread, { mergedInto: rock });
  expect(merged.body).toMatchObject({ id: rock, merged: [bread], counts: { pins: 40 } });
  expect((await server.get(`/v1/interests/${bread}`)).body.id).toBe(rock);
  const circle = await put(rock, { mergedInto: bread });
  expect(circle.body.errors).toMatchObject([{ pointer: '/mergedInto' }]);
  await put(bread, {});
  expect(JSON.parse(readFileSync(editsFile(server.folder), 'utf8')).interests).toEqual({});
  expect(await idOf('my bread')).toBe(bread);
});

test('refuses edits of unknown interests, and reports faults by field', async () => {
  expect((await put('aaaaaaaa', {})).body.code).toBe('unknown-interest');
  const id = await idOf('my bread');
  for (const [body, pointer] of [
    [{ name: ' ' }, '/name'],
    [{ mergedInto: 'aaaaaaaa' }, '/mergedInto'],
    [{ mergedInto: id }, '/mergedInto'],
    [{ hide: true }, ''],
  ] as const) {
    const { status, body: problem } = await put(id, body);
    expect({ status, pointer: problem.errors[0].pointer }).toEqual({
      status: 400,
      pointer: pointer === '' ? '/hide' : pointer,
    });
  }
});

test('edits by another process count, and a faulty file keeps the previous edits', async () => {
  const id = await idOf('my bread');
  writeFileSync(editsFile(server.folder), JSON.stringify({ interests: { [id]: { name: 'Loaves' } } }));
  server.skippedMs += 1_000;
  expect((await server.get(`/v1/interests/${id}`)).body.name).toBe('Loaves');
  writeFileSync(editsFile(server.folder), '{');
  server.skippedMs += 1_000;
  expect((await server.get(`/v1/interests/${id}`)).body.name).toBe('Loaves');
  expect(server.faults.join()).toMatch(/interests\.json/);
  writeFileSync(editsFile(server.folder), JSON.stringify({ interests: {} }));
  server.skippedMs += 1_000;
  expect((await server.get(`/v1/interests/${id}`)).body.name).toBe('my bread');
});

test('edits are refused beyond their number, and a damaged tree with its remedy', async () => {
  const many = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, i) => [letters(i), { name: 'x' }] as const),
  );
  writeFileSync(editsFile(server.folder), JSON.stringify({ interests: many }));
  server.skippedMs += 1_000;
  expect((await put(await idOf('my bread'), { name: 'one more' })).body.code).toBe('conflict');
  const file = treeFile(server.folder, server.graphs.version!);
  writeFileSync(file, readFileSync(file, 'utf8').replace('"pins":20', '"pins":21'));
  writeFileSync(editsFile(server.folder), JSON.stringify({ interests: {} }));
  server.skippedMs += 1_000;
  const { status, body } = await server.get('/v1/interests');
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'storage-unavailable' });
  expect(body.detail).toMatch(/checksum is wrong; delete it/);
});

/** An id that no interest has. */
function letters(i: number): string {
  return `zzzz${[17_576, 676, 26, 1].map((size) => String.fromCharCode(97 + (Math.floor(i / size) % 26))).join('')}`;
}

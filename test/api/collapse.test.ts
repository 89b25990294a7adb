import { expect, test } from 'vitest';
import { importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const pins = Array.from({ length: 60 }, (_, i) => ({
  pin: `p${i}`,
  // Two in three pins share a picture with another; one in three has none.
  ...(i % 3 !== 2 && { picture: `p${3 * Math.floor(i / 6)}` }),
  tags: ['a'],
}));

const server = serveForSuite(async (folder) => {
  const saves = pins.flatMap(({ pin }, i) =>
    Array.from({ length: 4 }, (_, j) => `u${(i + 3 * j) % 7} b${(i + 3 * j) % 7} ${pin}`),
  );
  await importSaves(folder, saves);
  await importFiles(folder, [
    writeInput(folder, 'pins.jsonl', pins.map((row) => JSON.stringify(row)).join('\n')),
  ]);
});

interface Item {
  readonly pin: string;
  readonly score: number;
}

const pictureOf = new Map(pins.map(({ pin, picture }) => [pin, picture]));
const query = { query: [{ pin: 'p0' }], limit: 12, randomSeed: 3 };
const recommend = async (body: object): Promise<{ items: Item[]; recommendationId: string }> =>
  (await server.post('/v1/recommendations', body)).body;

test('of the pins with one value, the list has the best, and is as long as before', async () => {
  const all = (await recommend({ ...query, limit: 59 })).items;
  const { items } = await recommend({ ...query, collapse: 'picture' });
  const seen = new Set<unknown>();
  const expected = all.filter(({ pin }) => {
    const picture = pictureOf.get(pin);
    if (picture === undefined) return true;
    const isFirst = !seen.has(picture);
    seen.add(picture);
    return isFirst;
  });
  expect(items).toHaveLength(12);
  expect(items.map(({ pin }) => pin)).toEqual(expected.slice(0, 12).map(({ pin }) => pin));
  expect(all.slice(0, 12).map(({ pin }) => pin)).not.toEqual(items.map(({ pin }) => pin));
});

test('later pages repeat no value, and shorthands take the field as well', async () => {
  const first = await recommend({ ...query, collapse: 'picture' });
  const next = (await server.post(`/v1/recommendations/${first.recommendationId}/next`, {}))
    .body as typeof first;
  const values = [...first.items, ...next.items].flatMap(({ pin }) => pictureOf.get(pin) ?? []);
  expect(next.items.length).toBeGreaterThan(0);
  expect(new Set(values).size).toBe(values.length);
  const { body } = await server.get('/v1/pins/p0/related?limit=12&randomSeed=3&collapse=picture');
  expect(body.items.map(({ pin }: Item) => pin)).toEqual(first.items.map(({ pin }) => pin));
});

test('a list as a value collapses nothing', async () => {
  const plain = (await recommend(query)).items;
  expect((await recommend({ ...query, collapse: 'tags' })).items).toEqual(plain);
});

test.each([
  [{ collapse: 'pictur' }, '/collapse', 'did you mean "picture"?'],
  [{ collapse: 'picture', target: 'boards' }, '/collapse', 'is only for the target pins'],
  [{ collapse: 'picture', whyNot: ['p1'] }, '/collapse', 'cannot be combined with `whyNot`'],
])('refuses %j', async (fields, pointer, detail) => {
  const { status, body } = await server.post('/v1/recommendations', { ...query, ...fields });
  expect(status).toBe(400);
  expect(body.errors).toMatchObject([{ pointer, detail: expect.stringContaining(detail) as string }]);
});

import { beforeAll, describe, expect, test } from 'vitest';
import { importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

const colours = ['red', 'blue', 'green'];
const lamps = Array.from({ length: 30 }, (_, i) => ({
  pin: `lamp${i}`,
  title: `${colours[i % 3]} lamp ${i}`,
  text: i === 7 ? 'Lit by a thousand glowing filaments, <b>hand</b> made' : undefined,
  colour: colours[i % 3],
  price: i,
}));

const server = serveForSuite(async (folder) => {
  const saves = lamps.map(({ pin }, i) => `ann${i % 5} shelf${i % 5} ${pin}`);
  await importSaves(folder, [
    ...saves,
    'bob desk lamp3',
    'dan dans lamp2',
    'dan dans lamp28',
    'bob desk chair',
    'cat room chair',
    'cat room stool',
  ]);
  const rows = [...lamps, { pin: 'chair', title: 'A chair' }, { pin: 'stool', title: 'A stool' }];
  await importFiles(folder, [
    writeInput(folder, 'pins.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')),
    writeInput(folder, 'boards.csv', 'board,title\nroom,Waiting rooms\ndesk,Red desk\n'),
  ]);
});

interface Body {
  readonly items: readonly Record<string, unknown>[];
  readonly index?: string;
  readonly facets?: object;
  readonly corrections?: object;
  readonly suggestions?: object;
  readonly nextCursor: string | null;
}

const search = async (query: Record<string, string>) => {
  const response = await server.get(`/v1/search?${new URLSearchParams(query).toString()}`);
  return response as { status: number; body: Body };
};
const pinsOf = ({ body }: Awaited<ReturnType<typeof search>>): unknown[] => body.items.map(({ pin }) => pin);

beforeAll(async () => {
  // Searches are answered before the index is ready.
  while ((await search({ q: 'lamp' })).body.index === 'building') await new Promise(setImmediate);
});

describe('search that ranks', () => {
  test('finds pins by any of the words, those with all first, and by titles of their boards', async () => {
    const response = await search({ q: 'red lamps', limit: '100' });
    expect(response.body.index).toBe('ready');
    const first = pinsOf(response).slice(0, 10);
    expect(first.every((pin) => lamps.some((lamp) => lamp.pin === pin && lamp.title.startsWith('red')))).toBe(
      true,
    );
    expect(new Set(pinsOf(await search({ q: 'waiting room' })))).toEqual(new Set(['chair', 'stool']));
  });

  test('filters act before the cut to limit, and facets count all hits', async () => {
    const filter = JSON.stringify({ colour: 'blue', price: { lt: 20 } });
    const response = await search({ q: 'lamp', filter, limit: '3', facets: 'colour' });
    expect(response.body.items).toHaveLength(3);
    expect(response.body.facets).toEqual({ colour: [{ value: 'blue', count: 7 }] });
    const found = await search({ q: 'lamp', limit: '1', facets: '*' });
    // No two lamps have the same price.
    expect(Object.keys(found.body.facets!)).toEqual(['colour']);
    const all = await search({ q: 'lamp', limit: '1', facets: 'colour,price' });
    expect(all.body.facets).toMatchObject({
      colour: colours.toSorted().map((value) => ({ value, count: 10 })),
    });
  });

  test('pages by cursor hold every hit once, in one order', async () => {
    const whole = pinsOf(await search({ q: 'lamp', limit: '100' }));
    const paged: unknown[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page++) {
      const response = await search({ q: 'lamp', limit: '7', ...(cursor !== '' && { cursor }) });
      expect(response.body.items[0]!['rank']).toBe(paged.length + 1);
      paged.push(...pinsOf(response));
      cursor = response.body.nextCursor;
      expect(page).toBeLessThan(10);
    }
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(paged.length);
  });

  test('collapse lists the best pin of each value, also on later pages, and facets count all', async () => {
    const whole = pinsOf(await search({ q: 'lamp', limit: '100' })) as string[];
    const colourOf = (pin: string): string | undefined => lamps.find((lamp) => lamp.pin === pin)?.colour;
    const isFirst = (pin: string, i: number): boolean =>
      whole.findIndex((other) => colourOf(other) === colourOf(pin)) === i;
    const first = await search({ q: 'lamp', collapse: 'colour', limit: '2', facets: 'colour' });
    const cursor = first.body.nextCursor!;
    const last = await search({ q: 'lamp', collapse: 'colour', limit: '2', cursor });
    expect([...pinsOf(first), ...pinsOf(last)]).toEqual(whole.filter(isFirst));
    expect(last.body).toMatchObject({ nextCursor: null, items: [{ rank: 3 }] });
    expect(first.body.facets).toMatchObject({ colour: [{ count: 10 }, { count: 10 }, { count: 10 }] });
    // Only lamps have a price: pins without a value are all listed.
    const others = pinsOf(await search({ q: 'chair', collapse: 'price', limit: '100' }));
    expect(others).toEqual(pinsOf(await search({ q: 'chair', limit: '100' })));
  });

  test('explain shows the matching places and the ranking signals', async () => {
    const { body } = await search({ q: 'glow filament', explain: 'true' });
    expect(body.items[0]).toMatchObject({ pin: 'lamp7', signals: { words: 1 } });
    const [{ field, text, ranges }] = body.items[0]!['highlights'] as [
      { field: string; text: string; ranges: [number, number][] },
    ];
    expect(field).toBe('text');
    expect(ranges.map(([start, end]) => text.slice(start, end))).toEqual(['glowing', 'filaments']);
    expect((await search({ q: 'lamp' })).body.items[0]).not.toHaveProperty('signals');
  });

  test('finds words inside of runs of pins that came after the index', async () => {
    const put = await server.get('/v1/pins/tower', {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ title: '東京都の写真', text: 'Tokyo tower' }),
    });
    expect(put.status).toBe(200);
    expect(pinsOf(await search({ q: '京都' }))).toEqual(['tower']);
    expect(pinsOf(await search({ q: '写真 TOWER' }))).toEqual(['tower']);
    expect(pinsOf(await search({ q: '京都 lamp' }))).not.toContain('tower');
    const { body } = await search({ q: '写真', explain: 'true' });
    expect(body.items[0]).toMatchObject({ highlights: [{ field: 'title', ranges: [[4, 6]] }] });
  });

  test('names the corrected words of a search', async () => {
    const { body } = await search({ q: 'filamenst' });
    expect(body.corrections).toEqual({ filamenst: ['filaments'] });
    expect(body.items[0]).toMatchObject({ pin: 'lamp7', source: 'typo' });
  });

  test('with a user, pins related to their saves rank higher', async () => {
    const rankOf = (pins: unknown[]): number => pins.indexOf('lamp28');
    const without = pinsOf(await search({ q: 'lamp', limit: '100' }));
    const personal = pinsOf(await search({ q: 'lamp', limit: '100', user: 'ann2' }));
    expect(new Set(personal)).toEqual(new Set(without));
    expect(rankOf(personal)).toBeLessThanOrEqual(rankOf(without));
    expect(personal).not.toEqual(without);
    expect((await search({ q: 'lamp', user: 'nobody' })).status).toBe(404);
  });

  test('suggests titles that begin with the text, most saved first', async () => {
    const { body } = await search({ q: 'red', suggest: '3' });
    expect(body.suggestions).toMatchObject([{ text: 'Red desk', kind: 'boards' }, {}, {}]);
    expect((await search({ q: 'red' })).body).not.toHaveProperty('suggestions');
  });

  test.each([
    [{ q: 'a', filter: '{' }, 422, '/filter'],
    [{ q: 'a', filter: '{"color":"red"}' }, 422, '/filter/color'],
    [{ q: 'a', cursor: 'bm9uc2Vuc2U' }, 400, '/cursor'],
    [{ q: 'a', kind: 'boards', facets: 'colour' }, 400, '/facets'],
    [{ q: 'a', kind: 'users', collapse: 'colour' }, 400, '/collapse'],
    [{ q: 'a', collapse: 'color' }, 400, '/collapse'],
    [{ q: 'a', facets: 'colour,color' }, 400, '/facets'],
    [{ q: 'a', expand: 'true', cursor: 'c2VhcmNoLjc' }, 400, '/cursor'],
    [{ q: 'a', facets: 'a,b,c,d,e,f,g,h,i,j,k' }, 400, '/facets'],
    [{ q: 'a', suggest: '21' }, 400, '/suggest'],
  ])('refuses %j', async (query, status, pointer) => {
    expect(await search(query as unknown as Record<string, string>)).toMatchObject({
      status,
      body: { errors: [{ pointer }] },
    });
  });
});

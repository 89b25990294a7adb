import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { absenceCauses } from '../../api/base/index.ts';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { importFiles } from '../../graph-data/index.ts';
import { importSaves, writeInput } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { keysOf } from './recipes.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite(async (folder) => {
  await importSaves(folder, [
    'ann pasta basil',
    'ann pasta tomato',
    'ann pasta garlic',
    'ben salads tomato',
    'ben salads basil',
    'ben salads olive',
    'cem bread garlic',
    'cem bread olive',
    'cem bread flour',
    'dan cakes flour',
    'dan cakes sugar',
    'eve drinks sugar',
    'eve drinks cocoa',
    'fay sky moon',
    'fay sky star',
  ]);
  await importFiles(folder, [
    writeInput(folder, 'pins.csv', 'pin,title,price\nlonely,,1\ntomato,Tomato,3\n'),
  ]);
  // A second part of the graph, with many pins.
  const stream = randomStream(4);
  const rows = new Set(
    Array.from({ length: 600 }, () => `b${nextBelow(stream, 80)} p${nextBelow(stream, 60)}`),
  );
  await importSaves(
    folder,
    [...rows].map((row) => `u${row.split(' ')[0]} ${row}`),
  );
});

interface Absence {
  readonly pin: string;
  readonly cause: string;
  readonly rank?: number;
  readonly score?: number;
  readonly text: string;
}
const recommend = (body: object): Promise<Answer> => server.post('/v1/recommendations', body);
async function whyNot(pin: string, body: object): Promise<Absence> {
  const { body: answer, status } = await recommend({ ...body, whyNot: [pin] });
  expect(status).toBe(200);
  return (answer as { whyNot: [Absence] }).whyNot[0];
}
const basil = { query: [{ pin: 'basil' }] };

describe('whyNot', () => {
  test.each([
    ['tomato', {}, { cause: 'listed', rank: 1, text: 'it is item 1 of the list' }],
    ['olive', { limit: 1 }, { cause: 'beyond-limit', rank: 2, text: 'it would be item 2; the limit is 1' }],
    ['flour', { minRelevance: 0.9 }, { cause: 'below-relevance' }],
    [
      'tomato',
      { filter: { price: { lt: 2 }, title: 'Tomato' } },
      { cause: 'filtered', text: 'it fails the filter on price' },
    ],
    ['garlic', { filter: { price: { lt: 2 } } }, { cause: 'filtered' }],
    ['tomato', { exclude: { pins: ['tomato'] } }, { cause: 'excluded' }],
    ['garlic', { query: [{ user: 'ann' }] }, { cause: 'saved' }],
    ['basil', {}, { cause: 'in-query' }],
    [
      'garlic',
      { params: { steps: 1, stepsPerQueryPin: 1, lastHop: 'drawn' }, randomSeed: 1, backfill: false },
      {
        cause: 'not-reached',
        text: 'the algorithm did not reach it, though it is saved with basil on 1 board',
      },
    ],
    ['moon', {}, { cause: 'no-path' }],
    ['lonely', {}, { cause: 'unsaved' }],
    ['nothing', {}, { cause: 'unknown', text: 'there is no such pin' }],
  ])('%s with %j: %j', async (pin, body, expected) => {
    expect(await whyNot(pin, { ...basil, ...body })).toMatchObject({ pin, ...expected });
  });

  test('the score of a pin below the minimum relevance is the one that it has without a minimum', async () => {
    const { items } = (await recommend(basil)).body;
    const flour = items.find(({ pin }: { pin: string }) => pin === 'flour');
    expect((await whyNot('flour', { ...basil, minRelevance: 0.9 })).score).toBe(flour.score);
  });

  test('a pin of an earlier page was shown', async () => {
    const first = await recommend({ ...basil, limit: 1, whyNot: ['tomato', 'olive'] });
    const path = `/v1/recommendations/${first.body.recommendationId}/next?limit=1`;
    const second = await server.get(path, { method: 'POST' });
    expect(second.body.whyNot).toMatchObject([{ cause: 'shown' }, { cause: 'listed', rank: 2 }]);
  });

  test.each([
    ['related', {}],
    ['paths', {}],
    ['ppr', {}],
    ['itemknn', {}],
    ['popular', {}],
    ['ideas', {}],
    ['related', { diversity: 0.4 }],
    ['related', { hubCorrection: 0.5, minRelevance: 0.01 }],
  ])(
    '%s with %j: every pin has the rank and the score of a list without a limit, and the list stays',
    async (algorithm, levers) => {
      const body = { query: [{ pin: 'p1' }, { pin: 'p2' }], algorithm, ...levers, limit: 13 };
      const plain = await recommend(body);
      const whole = await recommend({ ...body, limit: 1_000 });
      const isReordered = 'diversity' in levers || 'hubCorrection' in levers;
      for (let first = 0; first < 60; first += 5) {
        const pins = Array.from({ length: 5 }, (_, i) => `p${first + i}`);
        const { items, whyNot: places } = (await recommend({ ...body, whyNot: pins })).body;
        expect(items).toEqual(plain.body.items);
        for (const { pin, cause, rank, score } of places as Absence[]) {
          const listed = items.find((each: Absence) => each.pin === pin);
          expect(cause === 'listed').toBe(listed !== undefined);
          if (listed !== undefined)
            expect({ rank, score }).toEqual({ rank: listed.rank, score: listed.score });
          const far = whole.body.items.find((each: Absence) => each.pin === pin);
          if (isReordered || far === undefined || far.rank > 13 + 60) continue;
          if (cause === 'beyond-limit') expect({ rank, score }).toEqual({ rank: far.rank, score: far.score });
        }
        expect(places.some(({ cause }: Absence) => cause === 'beyond-limit' || cause === 'listed')).toBe(
          true,
        );
      }
    },
  );

  test('a pin outside the pool of later stages has its rank among the candidates', async () => {
    const body = { query: [{ pin: 'p1' }], hubCorrection: 0.5, limit: 2 };
    const candidates = keysOf(await recommend({ query: [{ pin: 'p1' }], limit: 1_000 }));
    expect(await whyNot(candidates[19]!, body)).toMatchObject({
      cause: 'beyond-limit',
      rank: 20,
      text: 'it is candidate 20; hubCorrection and diversity look at the first 10',
    });
  });

  test('without a query that has saves, places are those of popular pins', async () => {
    await server.post('/v1/saves', { user: 'new', board: 'empty', pin: 'p1' });
    await server.get('/v1/saves', {
      method: 'DELETE',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: 'new', board: 'empty', pin: 'p1' }),
    });
    const cold = { query: [{ user: 'new' }], limit: 3 };
    expect(await whyNot('cocoa', cold)).toMatchObject({ cause: 'beyond-limit', score: 1 });
  });

  test('refuses other targets, and more than five pins', async () => {
    const boards = await recommend({ ...basil, target: 'boards', whyNot: ['tomato'] });
    expect(boards).toMatchObject({ status: 400, body: { errors: [{ pointer: '/whyNot' }] } });
    const many = await recommend({ ...basil, whyNot: ['a', 'b', 'c', 'd', 'e', 'f'] });
    expect(many).toMatchObject({ status: 400, body: { errors: [{ pointer: '/whyNot' }] } });
    expect((await recommend(basil)).body).not.toHaveProperty('whyNot');
  });

  test('the command recommend prints the cause of each pin of --why-not', async () => {
    const { stdout: out, code } = await pinwalk(
      'recommend',
      '--pin',
      'basil',
      '--limit',
      '1',
      '--why-not',
      'olive',
      '--why-not',
      'moon',
      '--data',
      server.folder.root,
    );
    expect(code).toBe(0);
    expect(out).toContain('olive: it would be item 2; the limit is 1 (beyond-limit)');
    expect(out).toContain('moon: it shares no board with the query, nor with a pin near the query (no-path)');
  });

  test('docs/reading.md lists the causes as the contract does', () => {
    const page = readFileSync(new URL('../../docs/reading.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (.+?) +\|$/gm)].map(([, cause, meaning]) => [
      cause,
      meaning,
    ]);
    expect(rows).toEqual(expect.arrayContaining(Object.entries(absenceCauses)));
  });
});

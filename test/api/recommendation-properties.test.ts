import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeKinds, nodeNames } from '../../engine/index.ts';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from './server.ts';

/** What holds for any request, on a graph of 8 users, 20 boards and 30 pins drawn at random. */
const saves = [
  ...new Map(
    fc
      .sample(fc.tuple(fc.nat(19), fc.nat(29)), { numRuns: 90, seed: 11 })
      .map(([board, pin]) => [
        `${board} ${pin}`,
        { user: `u${board % 8}`, board: `b${board}`, pin: `p${pin}` },
      ]),
  ).values(),
];
const server = serveForSuite((folder) =>
  importSaves(
    folder,
    saves.map(({ user, board, pin }) => `${user} ${board} ${pin}`),
  ),
);

const someEntry = fc.oneof(
  fc.nat(29).map((i) => ({ pin: `p${i}` })),
  fc.nat(19).map((i) => ({ board: `b${i}` })),
  fc.nat(7).map((i) => ({ user: `u${i}` })),
);
const someRequest = fc.record(
  {
    query: fc.array(someEntry, { minLength: 1, maxLength: 3 }),
    target: fc.constantFrom(...nodeKinds),
    limit: fc.integer({ min: 1, max: 8 }),
    params: fc.constantFrom({}, { steps: 1 }, { steps: 50 }),
    exclude: fc.record({
      pins: fc.array(
        fc.nat(29).map((i) => `p${i}`),
        { maxLength: 3 },
      ),
      saved: fc.boolean(),
    }),
    explain: fc.boolean(),
  },
  { requiredKeys: ['query'] },
);

test('items are ranked, distinct, not excluded, and neither in the query nor saved by it', async () => {
  await fc.assert(
    fc.asyncProperty(someRequest, async (request) => {
      const { target = 'pins', limit = 20, exclude = { pins: [], saved: true } } = request;
      const named = request.query.flatMap((entry) => Object.values(entry));
      const isAsked = ({ user, board }: (typeof saves)[number]): boolean =>
        named.includes(user) || named.includes(board);
      const side = nodeNames[target];
      const owned = new Set(
        saves.filter(isAsked).flatMap(({ user, board, pin }) => {
          if (side === 'pin') return [pin];
          return side === 'user' ? [user] : named.includes(user) ? [board] : [];
        }),
      );
      const asked = await server.post('/v1/recommendations', request);
      if (asked.status === 404) return;
      expect(asked.status).toBe(200);
      let page = asked.body;
      const seen: string[] = [];
      for (let pages = 0; pages < 40; pages++) {
        const keys: string[] = page.items.map((item: Record<string, string>) => item[side]);
        const scores: number[] = page.items.map(({ score }: { score: number }) => score);
        expect(page.items.map(({ rank }: { rank: number }) => rank)).toEqual(
          keys.map((_, i) => seen.length + i + 1),
        );
        expect(keys.length).toBeLessThanOrEqual(limit);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
        for (const key of keys) {
          expect(named).not.toContain(key);
          if (exclude.saved) expect([...owned]).not.toContain(key);
          if (target === 'pins') expect(exclude.pins).not.toContain(key);
        }
        seen.push(...keys);
        // A page is short only when there is nothing more.
        const next = await server.get(`/v1/recommendations/${page.recommendationId}/next`, {
          method: 'POST',
        });
        if (keys.length < limit) expect(next.body.items).toEqual([]);
        if (next.body.items.length === 0) break;
        page = next.body;
      }
      expect(new Set(seen).size).toBe(seen.length);
    }),
    { numRuns: 150 },
  );
});

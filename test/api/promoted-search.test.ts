import { beforeAll, expect, test } from 'vitest';
import { type Item, bid, budget, serveCampaigns } from './campaign-server.ts';

const { server, put, remove, shownTo } = serveCampaigns();

interface Page {
  readonly items: readonly (Item & { readonly title: string | null; readonly boards: number })[];
  readonly nextCursor: string | null;
  readonly promoted?: { readonly unfilled: readonly { readonly slot: number; readonly reason: string }[] };
}

async function search(parameters: string): Promise<Page> {
  const { status, body } = await server.get(`/v1/search?${parameters}`);
  expect([status, body.errors ?? []]).toEqual([200, []]);
  return body as Page;
}

/** Promoted pins of a search, with their ranks. */
const promotedIn = ({ items }: Page): string[] =>
  items.flatMap(({ rank, pin, promoted }) => (promoted === undefined ? [] : [`${rank} ${pin}`]));

/** Six of the twenty pins of bread have this in their keys. */
const q = 'q=bread-1&limit=4';
let plain: Page;
/** A pin of bread that the search does not find on its page. */
let other: string;

beforeAll(async () => {
  plain = await search(q);
  const found = new Set(plain.items.map(({ pin }) => pin));
  other = Array.from({ length: 10 }, (_, i) => `bread-${i}`).find((pin) => !found.has(pin))!;
  await put('a', { pins: [other], bid: bid(400_000), surfaces: ['search'], ...budget });
});

test('a search has promoted pins that a walk from its hits supports, and says so', async () => {
  const page = await search(`${q}&viewer=ann&promotedSlots=2`);
  const [first, second, third] = plain.items.map(({ pin }) => pin);
  expect(page.items.map(({ rank, pin }) => [rank, pin])).toEqual([
    [1, first],
    [2, other],
    [3, second],
    [4, third],
  ]);
  expect(page.items[1]).toMatchObject({
    title: `bread of the day, number ${other}`,
    boards: expect.any(Number) as number,
    promoted: { campaign: 'a', label: 'Promoted', token: expect.stringMatching(/^[\w-]{43}$/) as string },
  });
  // A list of another surface, and one without slots, have none.
  expect(await shownTo('ann')).toEqual([]);
  expect((await search(`${q}&viewer=ann`)).items).toEqual(plain.items);
  expect(promotedIn(await search('q=rock-1&limit=4&viewer=ann&promotedSlots=2'))).toEqual([]);
});

test('pages of a search repeat and leave out nothing, and their ranks continue', async () => {
  const all = (await search('q=bread-1&limit=100')).items.map(({ pin }) => pin);
  const seen: string[] = [];
  let ranks = 0;
  let cursor = '';
  for (let pages = 0; pages < 9; pages++) {
    const page = await search(`${q}&viewer=bob&promotedSlots=1,7${cursor}`);
    for (const { rank, pin, promoted } of page.items) {
      expect(rank).toBe(++ranks);
      if (promoted === undefined) seen.push(pin);
      else expect([1, 7]).toContain(rank);
    }
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  expect(seen).toEqual(all);
  expect(ranks).toBeGreaterThan(all.length);
});

test('a click on the promoted pin of a search is charged', async () => {
  const page = await search(`${q}&viewer=cem&promotedSlots=1`);
  const { pin, promoted } = page.items[0]!;
  const click = { kind: 'click', user: 'cem', pin, promoted: promoted!.token };
  expect((await server.post('/v1/interactions', click)).status).toBe(202);
  const { surfaces, interests } = (await server.get('/v1/campaigns/a/report')).body;
  expect(surfaces).toMatchObject([{ surface: 'search', clicks: 1, spentMicros: 10_000 }]);
  expect(interests).toMatchObject([
    { clicks: 1, spentMicros: 10_000, interest: expect.any(String) as string },
  ]);
});

test('search terms target a campaign: all words of a term, in any order, and no other search', async () => {
  const terms = async (searchTerms: string[], text: string, viewer: string): Promise<boolean> => {
    const targets = { searchTerms };
    const { status } = await put('terms', { pins: [other], targets, bid: bid(900_000), ...budget });
    expect(status).toBe(200);
    const page = await search(`q=${encodeURIComponent(text)}&limit=4&viewer=${viewer}&promotedSlots=2`);
    return page.items.some(({ promoted }) => promoted?.campaign === 'terms');
  };
  const text = 'bread-1';
  expect(await terms(['bread'], text, 's1')).toBe(true);
  expect(await terms(['number BRÉAD day'], 'day of the bread, number bread-11', 's2')).toBe(true);
  expect(await terms(['bread rolls'], text, 's3')).toBe(false);
  expect(await terms(['rolls', '1 bread'], text, 's4')).toBe(true);
  // The words alone are not enough: what the search finds must support the pin.
  expect(await terms(['rock'], 'rock-1', 's5')).toBe(false);
  // Lists that nobody searched for have no text.
  expect((await shownTo('s6')).length).toBe(0);
  const { body } = await put('terms', {
    pins: [other],
    targets: { searchTerms: ['…', ''] },
    bid: bid(1),
    ...budget,
  });
  expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
    '/targets/searchTerms/0',
    '/targets/searchTerms/1',
  ]);
  const only = await put(
    'dry',
    { pins: [other], targets: { searchTerms: ['bread'] }, bid: bid(1), ...budget },
    '?dryRun=true',
  );
  expect(only.body.reach).toEqual({ days: 0, people: null, impressions: null });
  await remove('terms');
});

test('a search says why a slot is not filled, if it is asked to explain', async () => {
  const { promoted } = await search('q=rock-1&limit=4&viewer=dan&promotedSlots=2&explain=true');
  expect(promoted).toEqual({ unfilled: [{ slot: 2, reason: 'no-match' }], ruledOut: {} });
  const nothing = await search('q=zzzz&limit=4&viewer=dan&promotedSlots=2&explain=true');
  expect(nothing.promoted?.unfilled).toEqual([{ slot: 2, reason: 'short-list' }]);
});

test('slots of a search need a viewer, and pins', async () => {
  const faults = async (parameters: string): Promise<string[]> =>
    (await server.get(`/v1/search?${parameters}`)).body.errors.map(
      ({ pointer }: { pointer: string }) => pointer,
    );
  expect(await faults('q=bread&promotedSlots=2')).toEqual(['/promotedSlots']);
  expect(await faults('q=bread&promotedSlots=2,1&viewer=x')).toEqual(['/promotedSlots']);
  expect(await faults('q=bread&kind=boards&promotedSlots=2&viewer=x')).toEqual(['/promotedSlots']);
});

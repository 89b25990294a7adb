import { beforeAll, expect, test } from 'vitest';
import { type Item, bid, budget, limit, serveCampaigns } from './campaign-server.ts';

const { server, send, put, remove, related, shownTo, organic, others } = serveCampaigns();
const minutes = (count: number): void => void (server.skippedMs += count * 60_000);

beforeAll(async () => {
  const [pin] = await others();
  await put('a', { pins: [pin], bid: bid(400_000), ...budget });
});

test('a promoted pin takes its slot, is marked as promoted, and pushes the others down', async () => {
  const [pin] = await others();
  const { body } = await related('ann', { fields: ['title'] });
  const [first, second, third, fourth] = await organic();
  expect((body.items as Item[]).map((item) => item.pin)).toEqual([first, pin, second, third]);
  expect(body.items[1]).toMatchObject({
    rank: 2,
    promoted: { campaign: 'a', label: 'Promoted', token: expect.stringMatching(/^[\w-]{43}$/) as string },
    fields: { title: `bread of the day, number ${pin}` },
  });
  // The one that made room is on the next page.
  const next = await server.get(`/v1/recommendations/${body.recommendationId}/next`, { method: 'POST' });
  expect([next.body.items[0].pin, next.body.items[0].rank]).toEqual([fourth, 5]);
});

test('a promoted pin is shown only where the walk or the interests support it', async () => {
  expect(await shownTo('bea', { query: [{ pin: 'bikes-0' }] })).toEqual([]);
  expect(await shownTo('bea')).toHaveLength(1);
});

test('a campaign for people who would save a pin is found by a query for that pin', async () => {
  const [, , pin] = await others();
  await put('seeded', { pins: [pin], targets: { pins: ['bread-0'] }, bid: bid(900_000), ...budget });
  expect(await shownTo('cyd')).toContain(`2 ${pin}`);
  await put('seeded', { pins: [pin], targets: { pins: ['bikes-0'] }, bid: bid(900_000), ...budget });
  expect(await shownTo('cyd')).not.toContain(`2 ${pin}`);
  await remove('seeded');
});

test('nobody sees a campaign beyond its cap, or a pin that they saved or hid', async () => {
  const [pin] = await others();
  for (let i = 0; i < 3; i++) expect(await shownTo('cap')).toEqual([`2 ${pin}`]);
  expect(await shownTo('cap')).toEqual([]);
  minutes(24 * 60 + 1);
  expect(await shownTo('cap')).toEqual([`2 ${pin}`]);
  await server.post('/v1/interactions', { kind: 'hide', user: 'cap', pin });
  expect(await shownTo('cap')).toEqual([]);
  await server.post('/v1/saves', { user: 'saver', board: 'own', pin });
  expect(await shownTo('saver')).toEqual([]);
});

test('who hid a pin before it was promoted is never shown it', async () => {
  const [, , pin] = await others();
  await server.post('/v1/interactions', { kind: 'dismiss', user: 'early', pin });
  await put('late', { pins: [pin], bid: bid(900_000), ...budget });
  expect(await shownTo('other')).toContain(`2 ${pin}`);
  expect(await shownTo('early')).not.toContain(`2 ${pin}`);
  await remove('late');
});

test('the higher bid takes the better slot, and pays just enough to beat the next one', async () => {
  const [pin, second] = await others();
  await put('b', { pins: [second], bid: bid(800_000), ...budget });
  expect(await shownTo('dan')).toEqual([`2 ${second}`, `4 ${pin}`]);
  const { auctions } = (await server.get('/v1/campaigns/b/report')).body;
  const { probability, quality, priceMicros, priceSetBy, beat } = auctions[0];
  const other = (await server.get('/v1/campaigns/a/report')).body.auctions[0];
  // The least integer with which it still ranks above.
  const needed = (400_000 * other.probability * other.quality) / (probability * quality);
  expect({ priceMicros, priceSetBy, beat }).toEqual({
    priceMicros: Math.ceil(needed),
    priceSetBy: 'next',
    beat: 'a',
  });
  expect(other).toMatchObject({
    user: 'dan',
    rank: 4,
    priceMicros: 10_000,
    priceSetBy: 'reserve',
    beat: null,
  });
});

test('targets, surfaces, attributes and times decide who is shown a campaign; paused, it is shown to nobody', async () => {
  const [, pin] = await others();
  const both = { pins: [pin], bid: bid(800_000), ...budget };
  const isShown = async (more: object, viewer: string, request: object = {}): Promise<boolean> => {
    const { status, body } = await put('b', { ...both, ...more });
    expect([status, body.errors ?? []]).toEqual([200, []]);
    return (await shownTo(viewer, request)).some((each) => each.endsWith(` ${pin}`));
  };
  expect(await isShown({ targets: { pins: ['bread-0', 'bread-1'] } }, 't1')).toBe(true);
  expect(await isShown({ targets: { pins: ['rock-1'], boards: ['rock-board-1'] } }, 't2')).toBe(false);
  const { interests } = (await server.get('/v1/interests?limit=100&pins=24')).body;
  const of = (topic: string): string =>
    interests.find(({ topPins }: { topPins: { pin: string }[] }) =>
      topPins.some((each) => each.pin.startsWith(topic)),
    ).id;
  expect(await isShown({ targets: { interests: [of('bread')] } }, 't3')).toBe(true);
  expect(await isShown({ targets: { interests: [of('rock')] } }, 't4')).toBe(false);
  expect(await isShown({ targets: { excludeInterests: [of('bread')] } }, 't5')).toBe(false);
  expect(await isShown({ surfaces: ['home'] }, 't6')).toBe(false);
  expect(await isShown({ surfaces: ['home'] }, 't7', { surface: 'home' })).toBe(true);
  expect(await isShown({ surfaces: ['home'] }, 't8', { promoted: { slots: [2], surface: 'home' } })).toBe(
    true,
  );
  await send('PUT', '/v1/users/german', { attributes: { language: 'de' } });
  expect(await isShown({ users: { language: 'de' } }, 'german')).toBe(true);
  expect(await isShown({ users: { language: 'de' } }, 't9')).toBe(false);
  expect(await isShown({ paused: true }, 't10')).toBe(false);
  expect(await isShown({ start: Date.now() + server.skippedMs + 60_000 }, 't11')).toBe(false);
  await remove('b');
  expect((await server.get('/v1/campaigns/b')).body.code).toBe('unknown-campaign');
});

test('pins of interests that the viewer hides decide nothing', async () => {
  const { interests } = (await server.get('/v1/interests?limit=100&pins=24')).body;
  for (const { id, topPins } of interests) {
    if (!topPins.some(({ pin }: { pin: string }) => pin.startsWith('bread'))) continue;
    const { status } = await send('PUT', `/v1/users/bread-fan-11/interests/${id}`, { hidden: true });
    expect(status).toBe(200);
  }
  expect(await shownTo('bread-fan-11')).toEqual([]);
});

test('the holdout meets other campaigns instead, and counts as would-be shown', async () => {
  const [, , third, fourth] = await others();
  await put('held', { pins: [third], bid: bid(2_000_000), ...budget, holdout: 0.5 });
  await put('next', { pins: [fourth], bid: bid(1_000_000), ...budget });
  const tops = new Map<string, number>();
  for (let i = 0; i < 24; i++) {
    const [top] = await shownTo(`person-${i}`, { promoted: { slots: [1] } });
    tops.set(top!, (tops.get(top!) ?? 0) + 1);
  }
  const [shown, passed] = [tops.get(`1 ${third}`) ?? 0, tops.get(`1 ${fourth}`) ?? 0];
  expect(shown + passed).toBe(24);
  expect(Math.min(shown, passed)).toBeGreaterThan(3);
  await server.post('/v1/interactions', [
    { kind: 'click', user: 'person-0', pin: third },
    { kind: 'click', user: 'person-1', pin: third },
  ]);
  const { body } = await server.get('/v1/campaigns/held/report');
  expect([body.reach, body.lift.exposed, body.lift.heldOut]).toEqual([shown, shown, passed]);
  expect(body.lift.actionsPerExposed * shown + body.lift.actionsPerHeldOut * passed).toBeCloseTo(2);
  await remove('held');
  await remove('next');
});

test('the same state and seed give the same promoted pins', async () => {
  const plain = async (viewer: string): Promise<unknown> =>
    (await related(viewer)).body.items.map(({ promoted, ...item }: Item) => [promoted?.campaign, item]);
  expect(await plain('twin-1')).toEqual(await plain('twin-2'));
});

test('a batch fills the slots of each list, and a distinct one repeats no pin', async () => {
  const request = (viewer: string): object => ({
    query: [{ pin: 'bread-0' }],
    limit,
    viewer,
    promoted: { slots: [1] },
  });
  const requests = [request('x1'), request('x2')];
  const campaigns = (await server.post('/v1/recommendations/batch', { requests })).body.answers.map(
    ({ answer }: { answer: { items: Item[] } }) => answer.items[0]!.promoted?.campaign,
  );
  expect(campaigns).toEqual(['a', 'a']);
  const apart = [...requests, { ...request('x3'), query: [{ pin: 'rock-0' }] }];
  const { answers } = (
    await server.post('/v1/recommendations/batch', { requests: apart.slice(1), distinct: true })
  ).body;
  const pins = answers.flatMap(({ answer }: { answer: { items: Item[] } }) =>
    answer.items.map(({ pin }) => pin),
  );
  expect(new Set(pins).size).toBe(pins.length);
  expect(answers[0].answer.items[0].promoted.campaign).toBe('a');
});

test('recorded impressions of promoted pins say so', async () => {
  const [pin] = await others();
  await related('rec', { record: { user: 'rec', surface: 'home' } });
  const { body } = await server.get('/v1/users/rec/export');
  const own = body.interactions.find((each: { pin: string }) => each.pin === pin);
  expect(own).toMatchObject({ kind: 'impression', pipeline: 'promoted', rank: 2, surface: 'home' });
  expect(body.promoted.impressions).toMatchObject([
    { campaign: 'a', pin, clickedAt: null, isHeldOut: false },
  ]);
});

test('with explain, the list says why a slot has no promoted pin', async () => {
  const [pin] = await others();
  const why = async (viewer: string, more: object = {}): Promise<unknown> =>
    (await related(viewer, { explain: true, ...more })).body.promoted;
  expect(await why('e1')).toEqual({ unfilled: [{ slot: 4, reason: 'too-few' }], ruledOut: {} });
  expect(await why('e2', { promoted: { slots: [9], surface: 'home' } })).toEqual({
    unfilled: [],
    ruledOut: {},
  });
  expect(await why('e2', { query: [{ pin: 'bikes-0' }] })).toEqual({
    unfilled: [2, 4].map((slot) => ({ slot, reason: 'no-match' })),
    ruledOut: {},
  });
  const ruledOut = async (viewer: string): Promise<unknown> => {
    const { unfilled, ruledOut: by } = (await why(viewer, { promoted: { slots: [2] } })) as {
      unfilled: unknown;
      ruledOut: unknown;
    };
    expect(unfilled).toEqual([{ slot: 2, reason: 'ruled-out' }]);
    return by;
  };
  for (let i = 0; i < 3; i++) await related('e3');
  expect(await ruledOut('e3')).toEqual({ 'frequency-cap': 1 });
  await server.post('/v1/interactions', { kind: 'hide', user: 'e4', pin });
  expect(await ruledOut('e4')).toEqual({ 'saved-or-hidden': 1 });
  await put('a', { pins: [pin], bid: bid(400_000), users: { language: 'de' }, ...budget });
  expect(await ruledOut('e5')).toEqual({ attributes: 1 });
  await put('a', { pins: [pin], bid: bid(9_999), ...budget });
  expect(await ruledOut('e6')).toEqual({ reserve: 1 });
  await put('a', { pins: [pin], bid: bid(400_000), ...budget, end: Date.now() + server.skippedMs + 1_000 });
  minutes(1);
  expect(await ruledOut('e7')).toEqual({ 'not-running': 1 });
  await put('a', { pins: [pin], bid: bid(400_000), ...budget, paused: true });
  expect(await ruledOut('e7')).toEqual({ paused: 1 });
  expect(await why('e2', { query: [{ pin: 'bikes-0' }], promoted: { slots: [2] } })).toEqual({
    unfilled: [{ slot: 2, reason: 'no-match' }],
    ruledOut: {},
  });
  await put('a', { pins: [pin], bid: bid(400_000), ...budget });
  const { items } = (await related('e8', { limit: 1, explain: true, promoted: { slots: [1] } })).body;
  expect(items[0].promoted.campaign).toBe('a');
  expect((await related('e9')).body).not.toHaveProperty('promoted');
});

test('the shorthands take slots as a parameter, for pins and with a viewer', async () => {
  const [pin] = await others();
  const get = async (path: string): Promise<Item[]> => {
    const { status, body } = await server.get(path);
    expect([status, body.errors ?? []]).toEqual([200, []]);
    return body.items as Item[];
  };
  const related2 = await get('/v1/pins/bread-0/related?limit=4&viewer=g1&promotedSlots=2,4');
  expect(related2.map(({ promoted }) => promoted?.campaign)).toEqual([undefined, 'a', undefined, undefined]);
  expect(related2[1]!.pin).toBe(pin);
  const feed = await get('/v1/users/bread-fan-3/feed?limit=4&promotedSlots=1');
  expect(feed.filter(({ promoted }) => promoted !== undefined).length).toBeLessThanOrEqual(1);
  const faults = async (path: string): Promise<unknown> =>
    (await server.get(path)).body.errors.map(({ pointer, detail }: Record<string, string>) => [
      pointer,
      detail,
    ]);
  const noViewer = [['/promotedSlots', 'has no viewer, whose caps and saves it needs: send `viewer`']];
  expect(await faults('/v1/pins/bread-0/related?promotedSlots=2')).toEqual(noViewer);
  expect(await faults('/v1/users/bread-fan-3/boards?promotedSlots=2')).toEqual([
    ['/promotedSlots', 'is only for the target pins'],
  ]);
  for (const slots of ['', '4,2', '0', 'two', '1.5', '1,2,3,4,5,6,7,8,9,10,11'])
    expect([
      slots,
      (await server.get(`/v1/pins/bread-0/related?viewer=g2&promotedSlots=${slots}`)).status,
    ]).toEqual([slots, 400]);
});

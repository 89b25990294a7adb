import { openGraph, recommend } from 'pinwalk';
import { expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { importTopics } from '../topics.ts';
import { type Answer, serveForSuite } from './server.ts';

/** Eve has boards of two topics, one large and one small. */
const server = serveForSuite(async (folder) => {
  await importTopics(folder);
  await importSaves(folder, [
    ...[0, 1, 2, 3, 4, 5].map((i) => `eve loaves bread-${i}`),
    ...[6, 7].map((i) => `eve more bread-${i}`),
    ...[0, 1, 2].map((i) => `eve loud rock-${i}`),
  ]);
});

async function tagPins(): Promise<void> {
  for (const topic of ['bread', 'rock']) {
    for (let i = 0; i < 20; i++) {
      const fields = { title: `${topic} ${i}`, attributes: { tags: [topic, i < 10 ? 'Low' : 'high'] } };
      const { status } = await server.get(`/v1/pins/${topic}-${i}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fields),
      });
      expect(status).toBe(200);
    }
  }
}

interface Root {
  readonly id: string;
  readonly name: string;
}

async function rootNamed(name: string): Promise<string> {
  const { body } = await server.get('/v1/interests?depth=1');
  return (body.interests as Root[]).find((each) => each.name === name)!.id;
}

const interestsOf = async (user: string): Promise<Answer['body']> =>
  (await server.get(`/v1/users/${user}/interests`)).body;
const hide = (user: string, id: string, hidden: boolean): Promise<Answer> =>
  server.get(`/v1/users/${user}/interests/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ hidden }),
  });
const feedOf = async (user: string, query = ''): Promise<string[]> =>
  ((await server.get(`/v1/users/${user}/feed?limit=30${query}`)).body.items as { pin: string }[]).map(
    ({ pin }) => pin,
  );
const topicsIn = (pins: readonly string[]): string[] =>
  [...new Set(pins.map((pin) => pin.split('-')[0]!))].toSorted();

/** Sums by topic, since small communities within a topic may be interests of their own. */
async function byTopic(user: string): Promise<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { pins, saves } of (await interestsOf(user)).interests) {
    const topic = pins[0].pin.split('-')[0];
    sums[topic] = (sums[topic] ?? 0) + saves;
  }
  return sums;
}

test('shows what a person likes, with evidence, and a save at once', async () => {
  expect(await byTopic('eve')).toEqual({ bread: 8, rock: 3 });
  const { saves, isTruncated, interests, hidden } = await interestsOf('eve');
  expect({ saves, isTruncated, hidden }).toEqual({ saves: 11, isTruncated: false, hidden: [] });
  expect(interests[0]).toMatchObject({
    trend: null,
    text: expect.stringMatching(/^\d saves on \d boards?$/) as unknown,
  });
  await server.post('/v1/saves', { user: 'eve', board: 'loud', pin: 'rock-9' });
  expect(await byTopic('eve')).toEqual({ bread: 8, rock: 4 });
});

test('a pin that is newer than the graph is where most of its boards are', async () => {
  for (const user of ['rock-fan-1', 'rock-fan-2']) {
    await server.post('/v1/saves', { user, board: user.replace('fan', 'board'), pin: 'rock-new' });
  }
  await server.post('/v1/saves', { user: 'eve', board: 'loud', pin: 'rock-new' });
  expect(await byTopic('eve')).toMatchObject({ rock: 5 });
});

test('a feed restricted to an interest has only its pins, and as many as the graph has', async () => {
  const rock = await rootNamed('my rock');
  const feed = await feedOf('eve', `&interest=${rock}`);
  expect(topicsIn(feed)).toEqual(['rock']);
  expect(feed.length).toBeGreaterThan(10);
  const { body } = await server.get('/v1/users/eve/feed?interest=aaaaaaaa');
  expect(body.errors).toMatchObject([{ pointer: '/interest', code: 'unknown-interest' }]);
  const boards = await server.post('/v1/recommendations', {
    query: [{ user: 'eve' }],
    target: 'boards',
    interest: rock,
  });
  expect(boards.body.errors).toMatchObject([{ pointer: '/interest' }]);
});

test('a hidden interest is never used: not in lists, not in the history, not in what the person likes', async () => {
  const bread = await rootNamed('my bread');
  expect(topicsIn(await feedOf('eve'))).toContain('bread');
  expect((await hide('eve', bread, true)).body).toEqual({ result: 'added' });
  expect((await hide('eve', bread, true)).body).toEqual({ result: 'present' });
  expect(topicsIn(await feedOf('eve'))).not.toContain('bread');
  expect(topicsIn(await feedOf('eve', '&algorithm=popular'))).not.toContain('bread');
  expect(await byTopic('eve')).toEqual({ rock: 5 });
  expect((await interestsOf('eve')).hidden).toEqual([{ interest: bread, name: 'my bread' }]);
  const { body } = await server.post('/v1/recommendations', {
    query: [{ user: 'eve' }],
    whyNot: ['bread-15'],
  });
  expect(body.whyNot).toMatchObject([
    { cause: 'filtered', text: 'it is of an interest that the person has hidden' },
  ]);
  // Somebody else's list stays as it is, unless it is recorded for eve.
  const related = async (more: object): Promise<string[]> => {
    const list = await server.post('/v1/recommendations', {
      query: [{ pin: 'bread-1' }],
      limit: 30,
      ...more,
    });
    return (list.body.items as { pin: string }[]).map(({ pin }) => pin);
  };
  expect(topicsIn(await related({}))).toContain('bread');
  expect(topicsIn(await related({ record: true, viewer: 'eve' }))).not.toContain('bread');
  const exported = await server.get('/v1/users/eve/export');
  expect(exported.body.hiddenInterests).toEqual([bread]);
  expect((await hide('eve', bread, false)).body).toEqual({ result: 'removed' });
  expect((await hide('eve', bread, false)).body).toEqual({ result: 'absent' });
  expect(topicsIn(await feedOf('eve'))).toContain('bread');
});

test('a hidden interest is not used in the library either, and lists there are restricted to one as well', async () => {
  const rock = await rootNamed('my rock');
  using graph = openGraph(server.folder.root);
  const pinsOf = (fields: object): string[] => {
    const { items } = recommend(graph, { query: [{ user: 'eve' }], algorithm: 'feed', limit: 30, ...fields });
    return items.map((item) => ('pin' in item ? item.pin : ''));
  };
  expect(topicsIn(pinsOf({}))).toContain('rock');
  expect(topicsIn(pinsOf({ interest: rock }))).toEqual(['rock']);
  expect((await hide('eve', rock, true)).status).toBe(200);
  expect(topicsIn(pinsOf({}))).not.toContain('rock');
  await hide('eve', rock, false);
});

test('attributes that are put leave hidden interests, and an erasure takes them', async () => {
  const bread = await rootNamed('my bread');
  await hide('eve', bread, true);
  await server.get('/v1/users/eve', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ attributes: { age: 3 } }),
  });
  expect((await interestsOf('eve')).hidden).toHaveLength(1);
  const job = await server.get('/v1/users/eve', { method: 'DELETE' });
  await expect.poll(async () => (await server.get(`/v1/jobs/${job.body.id}`)).body.state).toBe('done');
  await server.post('/v1/saves', { user: 'eve', board: 'loaves', pin: 'bread-1' });
  expect((await interestsOf('eve')).hidden).toEqual([]);
});

test('calibration gives a feed the topics of the saves in their shares', async () => {
  const people = ['rock-fan-3', 'bread-fan-3'];
  for (const user of people) {
    const { body, status } = await server.get(`/v1/users/${user}/feed?calibration=0.5&limit=5`);
    expect(status).toBe(200);
    expect(body.algorithm.params.calibration).toBe(0.5);
  }
  const { body } = await server.get('/v1/users/rock-fan-3/feed?calibration=0.5&diversity=0.5');
  expect(body.errors).toMatchObject([{ pointer: '/calibration' }]);
});

test('tags are those of saved pins and of pins that a walk finds, without those of hidden interests', async () => {
  await tagPins();
  const saved = ['bread-0', 'bread-1', 'bread-2', 'rock-0'].map((pin) => ({
    user: 'flo',
    board: 'all',
    pin,
  }));
  expect((await server.post('/v1/saves', saved)).status).toBe(201);
  const tagsOf = async (user: string): Promise<Record<string, number>> => {
    const { body } = await server.get(`/v1/users/${user}/interests?tags=10`);
    const tags = body.tags as { tag: string; weight: number }[];
    expect(tags.map(({ weight }) => weight)).toEqual(
      tags.map(({ weight }) => weight).toSorted((a, b) => b - a),
    );
    return Object.fromEntries(tags.map(({ tag, weight }) => [tag, weight]));
  };
  const before = await tagsOf('flo');
  // Flo has saved none of the pins tagged so.
  expect(before['high']).toBeGreaterThan(0);
  expect(before['bread']! + before['rock']!).toBeCloseTo(1);
  expect(before['bread']!).toBeGreaterThan(before['rock']!);
  const rock = await rootNamed('my rock');
  await hide('flo', rock, true);
  const after = await tagsOf('flo');
  await hide('flo', rock, false);
  expect(after).toMatchObject({ bread: 1 });
  expect(after).not.toHaveProperty('rock');
  const without = await server.get('/v1/users/flo/interests');
  expect(without.body).not.toHaveProperty('tags');
});

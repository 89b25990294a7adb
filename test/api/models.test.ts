import { expect, test } from 'vitest';
import { activateModel, trainModel } from '../../graph-data/index.ts';
import { clickLog, writeInteractions } from '../click-log.ts';
import { pinwalk } from '../scripts/command.ts';
import { importTopics } from '../topics.ts';
import { serveForSuite } from './server.ts';

/** Pins and people of the log, among those of the graph. */
const pinOf = (pin: number): string => `bread-${pin % 20}`;
const userOf = (person: number): string => `bread-fan-${person % 12}`;
const options = { label: 'click', windowHours: 24, zone: 'UTC', codeVersion: 'test' } as const;
let [ftrl, trees] = ['', ''];

const server = serveForSuite(async (folder) => {
  await importTopics(folder);
  writeInteractions(folder, clickLog(900, pinOf, userOf));
  ftrl = trainModel(folder, { ...options, learner: 'ftrl', randomSeed: 1 }).version;
  trees = trainModel(folder, { ...options, learner: 'trees', randomSeed: 1 }).version;
});

interface Item {
  readonly pin: string;
  readonly score: number;
  readonly probability: number;
  readonly contributions: {
    logOdds: number;
    base: number;
    features: { name: string; contribution: number }[];
  };
}

const path = '/v1/pins/bread-0/related';

test('a label without an active model is refused with the remedy, in a batch alone', async () => {
  const { status, body } = await server.get(`${path}?model=click`);
  expect(status).toBe(404);
  expect(body).toMatchObject({ code: 'unknown-model', detail: expect.stringContaining('pinwalk train --label') as string }); // prettier-ignore
  const query = [{ pin: 'bread-0' }];
  const batch = await server.post('/v1/recommendations/batch', { requests: [{ query, model: 'click' }, { query }] }); // prettier-ignore
  expect(batch.body.answers).toMatchObject([{ status: 404, problem: { code: 'unknown-model' } }, { status: 200 }]); // prettier-ignore
});

test('lists models with their quality, activates one, and goes back to it', async () => {
  const { body } = await server.get('/v1/models');
  expect(body.models).toHaveLength(2);
  const first = body.models.find(({ version }: { version: string }) => version === ftrl);
  expect(first).toMatchObject({ label: 'click', learner: 'ftrl', active: false, windowHours: 24 });
  expect(first.quality.auc.value).toBeGreaterThan(0.5);
  expect(first.calibration.map(({ surface }: { surface: string }) => surface)).toEqual(['home', 'related']);
  const activate = (version: string) => server.post(`/v1/models/${version}/activate`, undefined);
  expect((await activate(trees)).body).toEqual({ version: trees, label: 'click', previous: null });
  expect((await activate(ftrl)).body).toEqual({ version: ftrl, label: 'click', previous: trees });
  const after = (await server.get('/v1/models')).body.models as { version: string; active: boolean }[];
  expect(after.filter(({ active }) => active).map(({ version }) => version)).toEqual([ftrl]);
});

test("a model ranks the walk's candidates, is named, and explains", async () => {
  const plain = await server.get(`${path}?limit=15`);
  const ranked = await server.get(
    `${path}?limit=15&model=click&viewer=bread-fan-1&surface=related&explain=true`,
  );
  expect(ranked.status).toBe(200);
  const { model, items, algorithm } = ranked.body as {
    model: unknown;
    items: Item[];
    algorithm: { params: object };
  };
  expect(model).toMatchObject({ label: 'click', version: ftrl });
  expect(algorithm.params).toMatchObject({ model: 'click', modelCandidates: 200 });
  const walked = new Map((plain.body.items as Item[]).map(({ pin, score }) => [pin, score]));
  for (const { pin, score } of items) if (walked.has(pin)) expect(score).toBe(walked.get(pin));
  const p = items.map(({ probability }) => probability);
  expect(p).toEqual(p.toSorted((a, b) => b - a));
  expect(new Set(p).size).toBeGreaterThan(10);
  expect(items.map(({ pin }) => pin)).not.toEqual(plain.body.items.map(({ pin }: Item) => pin));
  for (const {
    probability,
    contributions: { base, logOdds, features },
  } of items) {
    const sum = features.reduce((total, { contribution }) => total + contribution, base);
    expect(sum).toBeCloseTo(logOdds, 9);
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(probability, 3);
  }
  // Another person has other probabilities, on the same pins.
  const other = await server.get(`${path}?limit=15&model=click&viewer=bread-fan-2&surface=related`);
  expect(other.body.items[0].probability).not.toBe(p[0]);
});

test('later pages continue the ranking, and only pins are ranked', async () => {
  const first = await server.get(`${path}?limit=5&model=click`);
  const whole = await server.get(`${path}?limit=10&model=click`);
  const next = await server.post(`/v1/recommendations/${first.body.recommendationId}/next`, undefined);
  const pins = [...first.body.items, ...next.body.items].map(({ pin }: Item) => pin);
  expect(pins).toEqual(whole.body.items.map(({ pin }: Item) => pin));
  const { body } = await server.get('/v1/users/bread-fan-1/boards?model=click');
  expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/model' }] });
});

test('an arm of an experiment may name a model', async () => {
  const arms = [
    { name: 'walk', share: 1 },
    { name: 'model', share: 1, algorithm: 'related', params: { model: 'click' } },
  ];
  const put = await server.get('/v1/experiments/ranking', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ surface: 'shelf', arms }),
  });
  expect(put.status).toBeLessThan(300);
  const seen = new Map<string, boolean>();
  for (let person = 0; seen.size < 2 && person < 12; person++) {
    const { body } = await server.get(`${path}?viewer=bread-fan-${person}&surface=shelf&limit=3`);
    seen.set(
      body.arm,
      body.items.every(({ probability }: Item) => probability > 0),
    );
  }
  expect(Object.fromEntries(seen)).toEqual({ 'ranking/model': true, 'ranking/walk': false });
});

test('commands and the library rank by the same model', async () => {
  const printed = await pinwalk('recommend', '--pin', 'bread-0', '--model', 'click', '--limit', '3', '--json', '--data', server.folder.root); // prettier-ignore
  const { items, model } = JSON.parse(printed.stdout) as { items: Item[]; model: { version: string } };
  expect(model.version).toBe(ftrl);
  expect(items.map(({ probability }) => probability > 0)).toEqual([true, true, true]);
  const none = await pinwalk('recommend', '--pin', 'bread-0', '--model', 'buy', '--data', server.folder.root);
  expect(none).toMatchObject({ code: 1 });
  expect(none.stderr).toContain('there is no active model of "buy": train one');
});

test('new interactions move the ranking within seconds, and so does another model', async () => {
  const top = async () => (await server.get(`${path}?limit=3&model=click&viewer=bread-fan-1`)).body as { model: { version: string }; items: Item[] }; // prettier-ignore
  const before = await top();
  const { pin } = before.items[0]!;
  // Everybody ignores it from now on.
  const rows = Array.from({ length: 300 }, (_, i) => ({ kind: 'impression', user: `v${i}`, pin, at: new Date(Date.now() - 60_000 + i).toISOString() })); // prettier-ignore
  expect((await server.post('/v1/interactions', rows)).status).toBe(202);
  await expect.poll(async () => (await top()).items[0]!.probability).not.toBe(before.items[0]!.probability); // prettier-ignore
  activateModel(server.folder, trees);
  await expect.poll(async () => (await top()).model.version).toBe(trees);
});

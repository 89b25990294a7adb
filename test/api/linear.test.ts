import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { linearBuildParams, resolveParams } from '../../engine/index.ts';
import {
  activateSnapshot,
  addPreset,
  buildSnapshot,
  importRows,
  linearOfBuild,
  syntheticRows,
} from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { serveForSuite } from './server.ts';

const query = [{ pin: 'pin-1' }];

describe('a graph with item weights', () => {
  const server = serveForSuite(
    async (folder) => {
      const rows = syntheticRows({ pins: 300, boards: 200, saves: 3_000 });
      await importRows(folder, [{ name: 'synthetic', rows }]);
      const linear = resolveParams(linearBuildParams, { neighborsMax: 10 });
      activateSnapshot(folder, (await buildSnapshot(folder, () => 0, { linear })).version);
    },
    { isBuilt: false, isLoaded: true },
  );
  const recommend = async (body: object) =>
    server.post('/v1/recommendations', { algorithm: 'linear', ...body });

  test('linear recommends with its parameters, and counts its work', async () => {
    const { status, body } = await recommend({ query, limit: 5, params: { popularityDiscount: 0.1 } });
    expect(status).toBe(200);
    expect(body.items).toHaveLength(5);
    expect(body.algorithm).toMatchObject({ name: 'linear', params: { popularityDiscount: 0.1 } });
    expect(body.stats.weightsRead).toBeGreaterThan(0);
    expect(body.stats.work).toBeGreaterThan(0);
    const first = body.items[0].pin;
    const filtered = await recommend({ query, limit: 5, exclude: { pins: [first] } });
    expect(filtered.body.items.map(({ pin }: { pin: string }) => pin)).not.toContain(first);
  });

  test('linearShare blends the weights into a preset, on all pages as in one list', async () => {
    const body = { query: [{ pin: 'pin-1' }, { pin: 'pin-2' }], algorithm: 'ideas', linearShare: 0.5 };
    const whole = await recommend({ ...body, limit: 12 });
    expect(whole.body.algorithm).toMatchObject({ preset: 'ideas', params: { linearShare: 0.5 } });
    expect(whole.body.stats.weightsRead).toBeGreaterThan(0);
    const plain = await recommend({ ...body, linearShare: 0, limit: 12 });
    expect(plain.body.items).not.toEqual(whole.body.items);
    const first = await recommend({ ...body, limit: 6 });
    const next = `/v1/recommendations/${first.body.recommendationId}/next`;
    const second = await server.post(next, undefined);
    expect([...first.body.items, ...second.body.items]).toEqual(whole.body.items);
  });

  test('a new save of a known pin changes the answer of linear at once; a new pin alone has no weights', async () => {
    const ask = async () =>
      (await recommend({ query: [{ user: 'new' }], limit: 5, backfill: false })).body.items.map(
        ({ pin }: { pin: string }) => pin,
      );
    const save = async (pin: string) => server.post('/v1/saves', { user: 'new', board: 'mine', pin });
    await save('brand-new');
    expect(await ask()).toEqual([]);
    await save('pin-1');
    expect(await ask()).not.toEqual([]);
  });

  test('a build by the server keeps the item weights of the active snapshot', async () => {
    const before = server.graphs.version;
    const { body: job } = await server.post('/v1/snapshots', { force: true });
    await expect.poll(async () => (await server.get(`/v1/jobs/${job.id}`)).body.state).toBe('done');
    expect(server.graphs.version).not.toBe(before);
    expect((await recommend({ query })).status).toBe(200);
  });
});

describe('a graph without item weights', () => {
  const server = serveForSuite(async (folder) => {
    const rows = syntheticRows({ pins: 100, boards: 50, saves: 500 });
    await importRows(folder, [{ name: 'synthetic', rows }]);
  });
  const statusNow = async () =>
    (await server.post('/v1/recommendations', { query, algorithm: 'linear' })).status;

  test('linear on a graph without item weights is a 400 that names the remedy', async () => {
    const { status, body } = await server.post('/v1/recommendations', { query, algorithm: 'linear' });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/algorithm' }] });
    expect(body.detail).toContain('pinwalk build --linear');
  });

  test('a request for a linearShare is a 400 at its field; a preset with one runs without, and says so', async () => {
    const refused = await server.post('/v1/recommendations', { query, linearShare: 0.2 });
    expect(refused.status).toBe(400);
    expect(refused.body).toMatchObject({ code: 'invalid-request', errors: [{ pointer: '/linearShare' }] });
    const inParams = await server.post('/v1/recommendations', { query, params: { linearShare: 0.2 } });
    expect(inParams.body).toMatchObject({ errors: [{ pointer: '/params/linearShare' }] });
    addPreset(server.folder, 'tuned', { algorithm: 'paths', params: { linearShare: 0.5 } });
    const tuned = () => server.post('/v1/recommendations', { query, algorithm: 'tuned' });
    await expect.poll(async () => (await tuned()).status).toBe(200);
    const { body } = await tuned();
    expect(body.algorithm).toMatchObject({ preset: 'tuned', params: { linearShare: 0 } });
    const paths = await server.post('/v1/recommendations', { query, algorithm: 'paths' });
    expect(body.items).toEqual(paths.body.items);
  });

  test('a build requested over REST computes item weights, or none, as its body says', async () => {
    const wrong = await server.post('/v1/snapshots', { linear: { ridge: 0 } });
    expect(wrong.body).toMatchObject({ status: 400, errors: [{ pointer: '/linear/ridge' }] });
    const build = async (linear: object | null) => {
      const { body: job } = await server.post('/v1/snapshots', { force: true, linear });
      const state = async () => (await server.get(`/v1/jobs/${job.id}`)).body.state;
      await expect.poll(state).toBe('done');
    };
    await build({ neighborsMax: 5 });
    expect(await statusNow()).toBe(200);
    expect(linearOfBuild(server.folder)).toMatchObject({ neighborsMax: 5, ridge: 50 });
    await build(null);
    expect(await statusNow()).toBe(400);
  });
});

test('build --linear computes item weights that recommend uses, and names a faulty parameter', async () => {
  const data = path.join(temporaryFolder(), 'data');
  await pinwalk('sample', 'synthetic', '--data', data, '--pins', '200', '--boards', '100', '--saves', '1500');
  const built = await pinwalk('build', '--data', data, '--linear', '{"neighborsMax": 7}');
  expect(built.stdout).toMatch(/1,[34]\d\d item weights for linear/);
  const recommend = ['recommend', '--data', data, '--pin', 'pin-1', '--algorithm', 'linear', '--json'];
  const { stdout } = await pinwalk(...recommend);
  expect(JSON.parse(stdout).algorithm.name).toBe('linear');
  const wrong = await pinwalk('build', '--data', data, '--linear', '{"ridge": 0}');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('ridge: 0 is not a number in') });
  expect((await pinwalk('build', '--data', data)).stdout).toMatch(/1,[34]\d\d item weights for linear/);
  await pinwalk('build', '--data', data, '--no-linear');
  const without = await pinwalk(...recommend);
  expect(without.code).not.toBe(0);
  expect(without.stderr).toContain('build --linear');
});

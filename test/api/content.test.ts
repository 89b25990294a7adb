import { describe, expect, test } from 'vitest';
import { contentBuildParams, resolveParams } from '../../engine/index.ts';
import { activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { fillWithTexts } from '../content-folder.ts';
import { serveForSuite } from './server.ts';

interface Item {
  readonly pin: string;
  readonly score: number;
  readonly reason: { readonly text: string; readonly like?: object };
}

describe('a graph with content', () => {
  const server = serveForSuite(
    async (folder) => {
      await fillWithTexts(folder);
      const content = resolveParams(contentBuildParams, {});
      activateSnapshot(folder, (await buildSnapshot(folder, () => 0, { content })).version);
    },
    { isBuilt: false, isLoaded: true },
  );
  const recommend = async (body: object) => server.post('/v1/recommendations', { explain: true, ...body });
  const keys = (items: readonly Item[]): string[] => items.map(({ pin }) => pin);

  test('recommends a pin that nobody saved, below those that people saved, and says why', async () => {
    for (const algorithm of ['pixie', 'paths', 'ppr', 'itemknn', 'related', 'ideas', 'feed']) {
      const { body } = await recommend({ query: [{ pin: 'alien' }], algorithm, limit: 5, backfill: false });
      const items = body.items as Item[];
      expect(keys(items).slice(0, 2).toSorted(), algorithm).toEqual(['aliens', 'solaris']);
      expect(keys(items), algorithm).toContain('gravity');
      expect(keys(items), algorithm).not.toContain('salad');
      const { reason } = items.find(({ pin }) => pin === 'gravity')!;
      expect(reason).toMatchObject({
        like: { pin: 'alien', words: ['horror', 'space', 'film'] },
        text: 'same words as alien: horror, space, film',
        saves: 0,
      });
    }
  });

  test('a pin without saves has related pins: those that say the same, and those saved with them', async () => {
    const { status, body } = await server.get('/v1/pins/gravity/related?explain=true');
    expect(status).toBe(200);
    const items = body.items as Item[];
    expect(keys(items).slice(0, 3).toSorted()).toEqual(['alien', 'aliens', 'solaris']);
    expect(keys(items)).not.toContain('gravity');
    expect(items[0]!.reason.text).toMatch(/^same words as gravity: /);
    const mute = await server.get('/v1/pins/mute/related');
    expect(mute.body.items).toEqual([]);
  });

  test('virtualWeight 0 ignores the texts of pins; filters and exclusions hold', async () => {
    const query = [{ pin: 'alien' }];
    const without = await recommend({ query, limit: 5, virtualWeight: 0 });
    expect(keys(without.body.items)).not.toContain('gravity');
    const excluded = await recommend({ query, limit: 5, exclude: { pins: ['gravity'] } });
    expect(keys(excluded.body.items)).not.toContain('gravity');
    const filtered = await recommend({ query, limit: 5, filter: { title: 'Gravity' } });
    expect(keys(filtered.body.items)).toEqual(['gravity']);
    const user = await recommend({ query: [{ user: 'ann' }], limit: 5 });
    expect(keys(user.body.items).toSorted()).toEqual(['gravity', 'salad']);
    const boards = await recommend({ query, limit: 5, target: 'boards' });
    expect(boards.status).toBe(200);
  });

  test('more fadeSaves or weight lift a new pin; scores stay in order and pages agree', async () => {
    const query = [{ pin: 'alien' }];
    const scoreOf = async (levers: object): Promise<number> => {
      const { body } = await recommend({ query, limit: 9, algorithm: 'paths', ...levers });
      const scores = (body.items as Item[]).map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      return (body.items as Item[]).find(({ pin }) => pin === 'gravity')!.score;
    };
    expect(await scoreOf({ virtualWeight: 2 })).toBeCloseTo(2 * (await scoreOf({})), 10);
    const { body } = await recommend({ query, limit: 2 });
    const next = await server.post(`/v1/recommendations/${body.recommendationId}/next`, undefined);
    expect(keys(next.body.items)).toContain('gravity');
  });

  test('a pin whose text arrives later is recommended soon, changes with its text, and goes with it', async () => {
    const put = async (pin: string, body: object) =>
      server.get(`/v1/pins/${pin}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const listed = async (query: string): Promise<string[]> =>
      keys((await recommend({ query: [{ pin: query }], limit: 9, backfill: false })).body.items);
    await put('europa', { title: 'Europa, a slow space film' });
    await expect.poll(async () => listed('alien')).toContain('europa');
    const { body } = await server.get('/v1/pins/europa/related?explain=true');
    const items = body.items as Item[];
    expect(items.map(({ pin }) => pin)).toEqual(expect.arrayContaining(['solaris', 'alien', 'gravity']));
    expect(items.find(({ pin }) => pin === 'solaris')!.reason.text).toBe(
      'same words as europa: space, film, a',
    );
    // Of two pins that came after the build, each is near the other.
    await put('io', { title: 'Io: slow space' });
    const ofIo = async (): Promise<string[]> =>
      keys((await server.get('/v1/pins/io/related')).body.items ?? []);
    await expect.poll(ofIo).toContain('europa');
    await put('europa', { title: 'Fresh tomato tart' });
    await expect.poll(async () => listed('soup')).toContain('europa');
    expect(await listed('alien')).not.toContain('europa');
    await put('gravity', { title: 'Basil' });
    await expect.poll(async () => listed('pesto')).toContain('gravity');
    expect(await listed('alien')).not.toContain('gravity');
    await put('gravity', { title: 'Gravity', text: 'Lost in space: a horror film' });
    await expect.poll(async () => listed('alien')).toContain('gravity');
    await server.get('/v1/pins/europa', { method: 'DELETE' });
    await server.get('/v1/pins/io', { method: 'DELETE' });
    await expect.poll(async () => listed('soup')).not.toContain('europa');
    expect(server.faults).toEqual([]);
  });

  test('whyNot gives the rank of a pin without saves', async () => {
    const { body } = await recommend({ query: [{ pin: 'alien' }], limit: 2, whyNot: ['gravity', 'mute'] });
    expect(body.whyNot).toMatchObject([
      { pin: 'gravity', cause: 'beyond-limit' },
      { pin: 'mute', cause: 'unsaved' },
    ]);
  });
});

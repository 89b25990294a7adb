import { expect, test } from 'vitest';
import { fillLabelled, titled } from '../labelled-corpus.ts';
import { serveForSuite } from './server.ts';

const server = serveForSuite(async (folder) => fillLabelled(folder, true));

test('popularity counts as the labels want it, but not where a word was corrected', async () => {
  const search = async (q: string) => (await server.get(`/v1/search?q=${q}&explain=true`)).body;
  await expect.poll(async () => (await search(titled(7))).index).toBe('ready');
  const typed = await search(titled(7));
  expect(typed.weights).toMatchObject({ popularity: 0.3 });
  const mistyped = await search(titled(7).replace('our', 'xur'));
  expect(mistyped.corrections).toMatchObject({ colxur7: [titled(7)] });
  expect(mistyped.weights).toEqual({ ...typed.weights, popularity: 0.1 });
});

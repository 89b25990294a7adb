import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../data-folders.ts';
import { pinwalk } from '../scripts/command.ts';
import { writeCircles, writeSweep } from '../scripts/sweeps.ts';
import { browseForSuite, phone, seriousFaults } from './browser.ts';

/** The pages that commands write, in a real browser: they send no requests and have no faults. */
const folder = temporaryFolder(afterAll);
const data = path.join(folder, 'data');
const browser = browseForSuite({ url: pathToFileURL(folder).href });
const html = (name: string): string[] => ['--html', path.join(folder, `${name}.html`)];

beforeAll(async () => {
  const saves = writeCircles(folder);
  await pinwalk('import', saves, '--data', data);
  await pinwalk('build', '--data', data);
  const split = ['--data', data, '--hold-out', '0.2', '--k', '5', '--threads', '1'];
  const sweep = writeSweep(folder, 'sweep.yaml', [
    'saves: { train: circles.tsv, holdOut: 0.2 }',
    'validation: { holdOut: 0.2 }',
    'k: 5',
    'search: { method: grid }',
    'space: [{ algorithm: paths, params: { x: [0.5, 1], z: [0, 0.3] } }]',
  ]);
  const ended = [
    await pinwalk('evaluate', ...split, '--algorithms', 'pixie,paths,popular', ...html('evaluate')),
    await pinwalk('compare', 'paths', 'popular', ...split, ...html('compare')),
    await pinwalk('compare', 'paths', 'popular', '--pin', 'p1', '--data', data, ...html('query')),
    await pinwalk('walk', '--pin', 'p1', '--pin', 'p2', '--trace', '3', '--data', data, ...html('walk')),
    await pinwalk('sweep', sweep, '--threads', '1', ...html('sweep')),
  ];
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
});

describe.each(['evaluate', 'compare', 'query', 'walk', 'sweep'])('reports: %s', (name) => {
  test.each([
    ['a phone, light', phone, 'light'],
    ['a phone, dark', phone, 'dark'],
    ['a desktop, dark', { width: 1440, height: 900 }, 'dark'],
  ] as const)(
    `the page of ${name} fits and has no serious accessibility faults on %s`,
    async (_, viewport, colorScheme) => {
      const page = await browser.open(`/${name}.html`, { viewport, colorScheme });
      expect(await seriousFaults(page)).toEqual([]);
      // Only boxes scroll sideways, not the page.
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(viewport.width);
      const ink = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      expect(ink).toBe(colorScheme === 'dark' ? 'rgb(20, 23, 26)' : 'rgb(255, 255, 255)');
    },
  );
});

import { describe, expect, test } from 'vitest';
import { importSaves } from '../data-folders.ts';
import { serveForSuite } from '../api/server.ts';
import { browseForSuite, seriousFaults } from './browser.ts';

const server = serveForSuite((folder) =>
  importSaves(folder, [
    'ann pasta basil',
    'ann pasta tomato',
    'ben soup basil',
    'ben soup tomato',
    'ben salad olive',
    'cem pizza basil',
    'cem pizza olive',
  ]),
);
const browser = browseForSuite(server);

describe('search', () => {
  test('finds as one types and opens what is chosen, by keyboard alone', async () => {
    const page = await browser.open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('bas');
    await page.getByRole('option', { name: 'basil' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'basil' }).waitFor();
    expect(page.url()).toBe(`${server.url}/?pin=basil`);
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'See what the walk sees' }).waitFor();
  });
});

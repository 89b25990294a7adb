import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { importFiles } from '../../graph-data/index.ts';
import { serveForSuite } from '../api/server.ts';
import { writeInput } from '../data-folders.ts';
import { browseForSuite, seriousFaults } from './browser.ts';

const hostile = '<img src=x onerror="window.wasHarmed = true">';
/** Two communities that share rice: curries and baking. */
const server = serveForSuite(async (folder) => {
  const pinsOf = (i: number): string[] =>
    i % 2 === 0 ? ['rice', 'ginger', `spice${i % 6}`] : ['rice', 'flour', `sugar${i % 5}`];
  const rows = Array.from({ length: 40 }, (_, i) => pinsOf(i).map((pin) => `u${i},b${i},${pin}`)).flat();
  await importFiles(folder, [
    writeInput(folder, 'saves.csv', `user,board,pin\n${rows.join('\n')}\n`),
    writeInput(folder, 'pins.jsonl', `${JSON.stringify({ pin: 'ginger', title: hostile })}\n`),
  ]);
});
const browser = browseForSuite(server);

async function settled(page: Page): Promise<void> {
  await page.locator('.stage[data-state=settled]').waitFor();
}

/** Clicks nodes in the drawing until one of them is not a recommendation. */
async function clickSomeNode(page: Page): Promise<void> {
  const { x, y, width, height } = (await page.locator('.stage-canvas').boundingBox())!;
  for (let down = 0.2; down < 0.8; down += 0.04) {
    for (let across = 0.2; across < 0.8; across += 0.03) {
      await page.mouse.move(x + across * width, y + down * height);
      if ((await page.locator('.stage-canvas.is-pointing').count()) === 0) continue;
      await page.mouse.down();
      await page.mouse.up();
      await page.locator('.stage-note').waitFor();
      if ((await page.locator('.stage-note.is-card').count()) > 0) return;
    }
  }
  throw new Error('the pointer found no such node');
}

describe('the drawing of a walk', () => {
  test('the drawing of a walk starts from a search by keyboard alone and has no serious accessibility faults', async () => {
    const page = await browser.open('/?view=walk');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('combobox', { name: 'Add a pin, a board or a user to walk from' }).focus();
    await page.keyboard.type('rice');
    await page.getByRole('option', { name: /^rice/ }).waitFor();
    await page.keyboard.press('Enter');
    await settled(page);
    expect(new URL(page.url()).searchParams.get('pin')).toBe('rice');
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: /flour/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('list', { name: 'Paths to flour' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('the drawing of a walk shows the response of the server on a canvas, colored by community', async () => {
    const page = await browser.open('/?view=walk&pin=rice');
    await settled(page);
    const label = (await page
      .getByRole('img', { name: /^The most visited part/ })
      .getAttribute('aria-label'))!;
    const walk = await server.post('/v1/walks', { query: [{ pin: 'rice' }] });
    expect(label).toContain(`${walk.body.nodes.length} nodes, ${walk.body.edges.length} saves`);
    const names = await page.getByRole('list', { name: 'Colours' }).getByRole('listitem').allTextContents();
    expect(names.some((name) => name.includes('flour'))).toBe(true);
    expect(names.some((name) => name.includes(hostile))).toBe(true);
    const canvases = page.locator('.stage-canvas canvas');
    expect(await canvases.count()).toBeGreaterThan(3);
  });

  test('the drawing of a walk highlights the paths to a recommendation, keeps that in the URL, and goes back', async () => {
    const page = await browser.open('/?view=walk&pin=rice&lit=flour');
    await settled(page);
    await page.getByText('Paths to flour').waitFor();
    const paths = page.getByRole('list', { name: 'Paths to flour' }).getByRole('listitem');
    expect(await paths.count()).toBeGreaterThan(1);
    expect(await paths.first().textContent()).toMatch(/^rice ?b\d+/);
    await page.getByRole('button', { name: '100', exact: true }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get('nodes')).toBe('100');
    expect(new URL(page.url()).searchParams.get('lit')).toBe('flour');
    await page.getByRole('button', { name: 'Remove rice' }).click();
    await page.getByText('The walk from there is drawn here').waitFor();
    await page.goBack();
    await page.getByText('Paths to flour').waitFor();
  });

  test('the drawing of a walk shows a node that is clicked and walks on from it', async () => {
    const page = await browser.open('/?view=walk&pin=rice&limit=1');
    await settled(page);
    await clickSomeNode(page);
    const card = page.locator('.stage-note.is-card');
    expect(await card.textContent()).toMatch(/(pin|board), \d+ visits?/);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.getByRole('button', { name: 'Show all' }).click();
    await card.getByRole('link', { name: 'Walk from here' }).click();
    await card.waitFor({ state: 'detached' });
    await settled(page);
    expect(page.url()).toMatch(/view=walk&(pin|board)=/);
    expect(page.url()).not.toContain('limit');
  });

  test('the drawing of a walk lists every node in a table, with titles as text', async () => {
    const page = await browser.open('/?view=walk&pin=rice');
    await settled(page);
    const table = page.getByRole('table');
    await table.getByRole('link', { name: hostile }).waitFor();
    await page.getByRole('button', { name: 'Boards', exact: true }).click();
    await page.getByRole('button', { name: /^Show more/ }).click();
    await table.getByRole('link', { name: 'b0', exact: true }).waitFor();
    const walk = await server.post('/v1/walks', { query: [{ pin: 'rice' }] });
    const boards = walk.body.nodes.filter(({ kind }: { kind: string }) => kind === 'board').length;
    expect(await table.getByRole('row').count()).toBe(boards + 1);
    expect(await page.evaluate('window.wasHarmed')).toBeUndefined();
  });

  test('the drawing of a walk shows how the recommendations converge', async () => {
    const page = await browser.open('/?view=walk&pin=rice');
    const plot = page.getByRole('img', { name: /^Share of the final recommendations/ });
    await expect.poll(() => plot.locator('circle').count()).toBe(16);
    expect(await plot.getAttribute('aria-label')).toContain('100 % after');
  });

  test('the drawing of a walk is a table where the browser has no WebGL', async () => {
    const page = await browser.open('/?view=walk');
    await page.addInitScript({
      content: `const { getContext } = HTMLCanvasElement.prototype;
        HTMLCanvasElement.prototype.getContext = function (kind, ...others) {
          return kind.includes('webgl') ? null : getContext.call(this, kind, ...others);
        };`,
    });
    await page.goto(`${server.url}/?view=walk&pin=rice`);
    await page.getByText('WebGL is not available').waitFor();
    await page.getByRole('button', { name: /flour/ }).click();
    await page.getByRole('list', { name: 'Paths to flour' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('the drawing of a walk reports that an exact algorithm is no random walk and offers one that is', async () => {
    const page = await browser.open('/?view=walk&pin=rice&algorithm=paths');
    await page.getByText('paths is not a random walk').waitFor();
    await page.getByRole('button', { name: 'Use the default algorithm' }).click();
    await settled(page);
    expect(page.url()).not.toContain('algorithm');
  });
});

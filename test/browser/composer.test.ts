import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { algorithms } from '../../engine/index.ts';
import { serveForSuite } from '../api/server.ts';
import { browseForSuite, settled } from './browser.ts';
import { importRecipes } from './recipes.ts';

const server = serveForSuite(importRecipes);
const browser = browseForSuite(server);

/** The titles of a ranked list. */
async function ranked(page: Page, label = 'Recommendations'): Promise<string[]> {
  await settled(page);
  const titles = page.getByRole('list', { name: `${label}, ranked` }).locator('.node-link');
  return (await titles.allTextContents()).map((title) => title.trim());
}

/** The body of the request that an act of the visitor sends. */
async function bodyAfter(page: Page, act: () => Promise<unknown>): Promise<Record<string, unknown>> {
  const request = page.waitForRequest((each) => each.url().endsWith('/v1/recommendations'));
  await act();
  return (await request).postDataJSON() as Record<string, unknown>;
}

describe('the composer', () => {
  test('the composer adds pins by search, weighs them by slider and keeps all of it in the URL', async () => {
    const page = await browser.open('/?view=compose');
    const add = page.getByRole('combobox', { name: 'Add a pin, a board or a user' });
    await add.fill('basil');
    await page.getByRole('option', { name: 'Basil' }).waitFor();
    await add.press('Enter');
    await page.getByRole('list', { name: 'Query' }).getByRole('link', { name: 'Basil' }).waitFor();
    await add.fill('egg');
    await page.getByRole('option', { name: 'egg' }).waitFor();
    const added = await bodyAfter(page, () => add.press('Enter'));
    expect(added['query']).toEqual([{ pin: 'basil' }, { pin: 'egg' }]);
    const before = await ranked(page);
    expect(before).toContain('Tomato');
    expect(before).not.toContain('Basil');

    const slider = page.getByRole('slider', { name: 'weight' }).nth(1);
    const body = await bodyAfter(page, () => slider.press('End'));
    expect(body['query']).toEqual([{ pin: 'basil' }, { pin: 'egg', weight: 10 }]);
    await expect.poll(() => page.url()).toContain('weights=1%2C10');
    const after = await ranked(page);

    const other = await browser.open(page.url().slice(server.url.length));
    expect(await ranked(other)).toEqual(after);
    await page.goBack();
    await expect.poll(() => page.url()).toBe(`${server.url}/?view=compose&pin=basil`);
  });

  test('the composer changes parameters, explains them, and restores their defaults', async () => {
    const page = await browser.open('/?view=compose&pin=basil');
    await settled(page);
    expect(await page.getByRole('slider').count()).toBe(4);
    await page.getByText('Engine settings').click();
    const restart = page.getByRole('slider', { name: 'restartProbability' });
    expect(await restart.getAttribute('aria-valuetext')).toBe('0.4');
    const about = await restart.getAttribute('aria-describedby');
    expect(await page.locator(`#${about}`).textContent()).toBe(algorithms.pixie['restartProbability']!.about);
    expect(await bodyAfter(page, () => restart.press('ArrowRight'))).toMatchObject({
      params: { restartProbability: 0.41 },
    });
    await expect.poll(() => page.url()).toContain('restartProbability=0.41');
    const reset = page.getByRole('button', { name: 'restartProbability: back to 0.4' });
    expect(await bodyAfter(page, () => reset.click())).not.toHaveProperty('params');

    const algorithm = page.getByRole('combobox', { name: 'Algorithm' });
    expect(await bodyAfter(page, () => algorithm.selectOption('paths'))).toMatchObject({
      algorithm: 'paths',
    });
    const number = page.getByRole('spinbutton', { name: 'z, as a number' });
    await number.fill('0.35');
    expect(await bodyAfter(page, () => number.press('Enter'))).toMatchObject({ params: { z: 0.35 } });
    await page.getByRole('region', { name: 'Recommendations' }).locator('code').getByText('paths').waitFor();
  });

  test('the composer filters, diversifies, recommends boards, and reports invalid requests', async () => {
    const page = await browser.open('/?view=compose&pin=tomato&diversity=0.5');
    await settled(page);
    await page.getByRole('button', { name: 'Add a condition' }).click();
    await page.getByRole('textbox', { name: 'Field' }).fill('genres');
    const value = page.getByRole('textbox', { name: 'Value' });
    const body = await bodyAfter(page, () => value.fill('herb'));
    expect(body).toMatchObject({ filter: { genres: 'herb' }, diversity: 0.5 });
    await expect.poll(() => ranked(page)).toHaveLength(2);
    expect((await ranked(page)).toSorted()).toEqual(['Basil', 'Thyme']);
    await page.getByRole('combobox', { name: 'Recommend' }).selectOption('boards');
    await page.getByRole('alert').getByText('diversity').waitFor();
    await page.getByRole('button', { name: 'diversity: back to 0' }).click();
    await page.getByText('No results').waitFor();
    await page.getByRole('button', { name: 'Remove this condition' }).click();
    await expect.poll(async () => (await ranked(page))[0]).toMatch(/^menu-/);
    await page.getByText('Engine settings').click();
    const steps = page.getByRole('spinbutton', { name: 'steps, as a number', exact: true });
    await steps.fill('-5');
    await steps.press('Enter');
    await page.getByRole('alert').getByText('-5 is not an integer').waitFor();
  });

  test('the composer requests the preset that the URL names and reports when there is none', async () => {
    const page = await browser.open('/?view=compose&pin=basil&algorithm=our-own');
    await page.getByRole('alert').getByText('our-own').waitFor();
    expect(await page.getByText('Loading').count()).toBe(0);
    expect(await page.getByRole('combobox', { name: 'Algorithm' }).inputValue()).toBe('our-own');
    await page.getByRole('combobox', { name: 'Algorithm' }).selectOption('pixie');
    await expect.poll(() => ranked(page)).toContain('Tomato');
  });

  test('the composer excludes pins and includes them again', async () => {
    const page = await browser.open('/?view=compose&pin=basil');
    const before = await ranked(page);
    const body = await bodyAfter(page, () => page.getByRole('button', { name: 'Exclude Tomato' }).click());
    expect(body).toMatchObject({ exclude: { pins: ['tomato'] } });
    await expect.poll(() => ranked(page)).not.toContain('Tomato');
    expect(page.url()).toContain('without=tomato');
    await page.getByRole('button', { name: 'Include Tomato again' }).click();
    await expect.poll(() => ranked(page)).toEqual(before);
  });

  test('the composer starts with a slider from popular to specific, which is specificity', async () => {
    const page = await browser.open('/?view=compose&pin=basil');
    await settled(page);
    const slider = page.getByRole('slider', { name: 'Popular to specific' });
    expect(await bodyAfter(page, () => slider.press('End'))).toMatchObject({ specificity: 1 });
    await expect.poll(() => page.url()).toContain('specificity=1');
  });

  test('a comparison marks ranks gained and lost by arrows, not by colors alone', async () => {
    const page = await browser.open('/?view=compose&pin=basil&compare=true&other.algorithm=popular');
    await ranked(page, 'B');
    const badges = page.getByRole('list', { name: 'B, ranked' }).locator('.badge');
    const moved = badges.filter({ hasText: /higher|lower/ });
    expect(await moved.count()).toBeGreaterThan(0);
    expect(await moved.locator('svg').count()).toBe(await moved.count());
    expect(await badges.filter({ hasText: 'same rank' }).locator('svg').count()).toBe(0);
  });

  test('the composer explains why a pin is missing from the list', async () => {
    const page = await browser.open('/?view=compose&pin=basil&limit=1');
    await settled(page);
    const search = page.getByRole('combobox', { name: 'A pin that is missing' });
    await search.fill('jar-1');
    await page.getByRole('option', { name: 'jar-1', exact: false }).first().waitFor();
    expect(await bodyAfter(page, () => search.press('Enter'))).toMatchObject({ whyNot: ['jar-1'] });
    const answers = page.getByRole('list', { name: 'Why not' });
    await answers.getByText('it shares no board with the query').waitFor();
    expect(page.url()).toContain('whyNot=jar-1');
    const other = await browser.open('/?view=compose&pin=basil&limit=1&whyNot=basil&whyNot=egg');
    const lines = other.getByRole('list', { name: 'Why not' });
    await lines.getByText('the query names it').waitFor();
    await other.getByRole('button', { name: 'Forget Basil' }).click();
    await expect.poll(() => other.url()).toMatch(/limit=1&whyNot=egg$/);
  });

  test('the composer shows a table of figures that the URL remembers', async () => {
    const page = await browser.open('/?view=compose&pin=basil');
    await settled(page);
    await page.getByRole('button', { name: 'Table' }).click();
    const table = page.getByRole('table', { name: 'Recommendations, ranked' });
    await table.waitFor();
    await expect.poll(() => page.url()).toContain('as=table');
    const slider = page.getByRole('slider', { name: 'Diversity' });
    await slider.press('End');
    await expect.poll(() => page.url()).toMatch(/diversity=1.*as=table/);
  });

  test('the composer starts from a pin with one of its attributes as the filter', async () => {
    const page = await browser.open('/?pin=basil');
    await page.getByRole('link', { name: 'herb' }).click();
    await page.getByRole('heading', { level: 1, name: 'Compose' }).waitFor();
    await expect.poll(() => ranked(page)).toEqual(['Thyme']);
    expect(await page.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('herb');
  });

  test('the composer shows the results for the final position after a slider is dragged', async () => {
    const page = await browser.open('/?view=compose&pin=basil&pin=egg');
    await settled(page);
    const slider = page.getByRole('slider', { name: 'weight' }).first();
    const bounds = (await slider.boundingBox())!;
    await page.mouse.move(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2);
    await page.mouse.down();
    for (let i = 0; i <= 30; i++) {
      await page.mouse.move(bounds.x + (bounds.width * i) / 30, bounds.y + bounds.height / 2);
    }
    await page.mouse.up();
    await expect.poll(() => page.url()).toContain('weights=10%2C1');
    const shown = await ranked(page);
    const fresh = await browser.open('/?view=compose&pin=basil&pin=egg&weights=10,1');
    expect(shown).toEqual(await ranked(fresh));
  });
});

describe('a comparison', () => {
  test('a comparison marks items that moved or are in one list only, and counts the shared ones', async () => {
    const page = await browser.open('/?view=compose&pin=tomato&limit=4');
    const before = await ranked(page);
    await page.getByRole('button', { name: 'Compare two settings' }).click();
    await expect.poll(() => ranked(page, 'A')).toEqual(before);
    await expect.poll(() => ranked(page, 'B')).toEqual(before);
    await page.getByText('4 of 4 in both').waitFor();
    await page.getByText('Engine settings').click();
    const discount = page.getByRole('spinbutton', { name: 'popularityDiscount, as a number' });
    await discount.fill('2');
    await discount.press('Enter');
    await expect.poll(() => page.url()).toContain('other.popularityDiscount=2');
    await expect.poll(() => ranked(page, 'B')).not.toEqual(before);
    const [a, b] = [await ranked(page, 'A'), await ranked(page, 'B')];
    expect(a).toEqual(before);
    const common = b.filter((title) => a.includes(title)).length;
    await page.getByText(`${common} of 4 in both`).waitFor();
    expect(await page.getByText('only A', { exact: true }).count()).toBe(4 - common);
    expect(await page.getByText('only B', { exact: true }).count()).toBe(4 - common);
    await page.getByRole('button', { name: 'Setting A' }).click();
    await page.getByText('Engine settings').click();
    expect(await discount.inputValue()).toBe('0');
    await page.getByRole('button', { name: 'Stop comparing' }).click();
    await expect.poll(() => ranked(page)).toEqual(before);
  });
});

test('the copied curl command is the request that was sent', async () => {
  const path = `/?view=compose&pin=${encodeURIComponent("it's")}&pin=basil&weights=1,3&steps=2000&algorithm=pixie&limit=3`;
  const page = await browser.open(path, { permissions: ['clipboard-read', 'clipboard-write'] });
  const shown = await ranked(page);
  await page.getByText('Request', { exact: true }).click();
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  await page.getByText('Copied.').waitFor();
  const command: string = await page.evaluate('navigator.clipboard.readText()');
  expect(command).toContain(`curl ${server.url}/v1/recommendations`);
  const body = /-d '(.*)'$/s.exec(command)![1]!.replaceAll(String.raw`'\''`, "'");
  const answer = await server.post('/v1/recommendations', { ...JSON.parse(body), fields: ['title'] });
  const titles = answer.body.items.map((item: { pin: string; fields?: { title?: string } }) => {
    return item.fields?.title ?? item.pin;
  });
  expect(titles).toEqual(shown);
});

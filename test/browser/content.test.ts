import { describe, expect, test } from 'vitest';
import { contentBuildParams, resolveParams } from '../../engine/index.ts';
import { type DataFolder, activateSnapshot, buildSnapshot } from '../../graph-data/index.ts';
import { serveForSuite } from '../api/server.ts';
import { putPin, write } from '../content-folder.ts';
import { importTopics, topics } from '../topics.ts';
import { browseForSuite, phone, seriousFaults, settled } from './browser.ts';

const fan = 'rock-fan-0';

/** Three topics with tags, and a pin about rock that nobody saved. */
async function fillWithTopics(folder: DataFolder): Promise<void> {
  await importTopics(folder);
  const tagged = topics.flatMap((topic) =>
    Array.from({ length: 10 }, (_, i) => {
      const size = i % 3 === 0 ? 'large' : 'small';
      return putPin(`${topic}-${i}`, { title: `${topic} of the day, ${size}`, attributes: { size } });
    }),
  );
  const text = 'Nobody has seen the <b>large</b> rock of the week yet';
  write(folder, [...tagged, putPin('new-rock', { title: 'rock of the week', text })]);
  const content = resolveParams(contentBuildParams, {});
  activateSnapshot(folder, (await buildSnapshot(folder, () => 0, { content })).version);
}

const server = serveForSuite(fillWithTopics, { isBuilt: false, isLoaded: true });
const browser = browseForSuite(server);

const views = [
  ['a search', '/?view=search&q=large+rok&expand=true', 'Search', 'rock of the day, large'],
  ['a search without words', '/?view=search', 'Search', 'Type some words.'],
  ['a search for an unknown user', '/?view=search&q=rock&user=nobody', 'Search', 'Not found.'],
  ['all interests', '/?view=interests', 'Interests', 'my bread'],
  ['an unknown interest', '/?view=interests&id=aaaaaaaa', 'Interest', 'Not found.'],
  ['a user with interests', `/?user=${fan}`, fan, '8 saves on 1 board'],
  ['a pin without saves', '/?pin=new-rock', 'rock of the week', 'Nobody has saved it yet.'],
] as const;

test.each(views)('the view %s has no serious accessibility faults', async (_, path, title, text) => {
  const page = await browser.open(path, { colorScheme: 'light' });
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
  await page.getByText(text).first().waitFor();
  await settled(page);
  expect(await seriousFaults(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize(phone);
  expect(await seriousFaults(page)).toEqual([]);
  const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
  expect(beyond, 'horizontal overflow').toBeLessThanOrEqual(0);
});

describe('a search', () => {
  test('marks matches, explains them, narrows down by a value and undoes that', async () => {
    const page = await browser.open('/?view=search&q=large+rock');
    const hits = page
      .getByRole('list', { name: 'Pins' })
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading') });
    await hits.first().getByText('its words').waitFor();
    expect(await hits.first().locator('mark').allTextContents()).toEqual(['rock', 'large']);
    const small = page.getByRole('button', { name: /^small \d+$/ });
    const count = Number((await small.textContent())!.replace(/\D/g, ''));
    await small.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => hits.count()).toBe(Math.min(20, count));
    expect(new URL(page.url()).searchParams.get('filter')).toBe('{"size":"small"}');
    await page.getByRole('button', { name: 'Remove size: small' }).click();
    await expect.poll(() => hits.count()).toBe(20);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await expect.poll(() => hits.count()).toBeGreaterThan(20);
  });

  test('suggests titles of boards, and no pin that is listed anyway', async () => {
    const page = await browser.open('/?view=search&q=my');
    const suggestions = page.getByRole('list', { name: 'Suggestions' });
    await suggestions.getByRole('link', { name: 'my rock' }).click();
    await page.goto(page.url().replace(/q=.*/, 'q=rock'));
    await page.getByRole('link', { name: 'rock of the day, large' }).first().waitFor();
    expect(await suggestions.count()).toBe(0);
  });

  test('shows the part of a text around what matches, with markup as text', async () => {
    const page = await browser.open('/?view=search&q=week');
    await page.getByText('<b>large</b> rock of the week yet').waitFor();
    expect(await page.locator('.hit-text mark').allTextContents()).toEqual(['week']);
  });

  test('opens from the search of the header, by keyboard, and corrects a mistyped word', async () => {
    const page = await browser.open('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('braed');
    await page.getByRole('option', { name: 'All results for “braed”' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByText('No pin has “braed”').waitFor();
    expect(new URL(page.url()).search).toBe('?view=search&q=braed');
  });

  test('keeps the active option of the header when fewer results arrive', async () => {
    const page = await browser.open('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('bread');
    const pins = page.getByRole('group', { name: 'Pins' }).getByRole('option');
    await expect.poll(() => pins.count()).toBe(6);
    const chosen = Promise.withResolvers<void>();
    await page.route('**/v1/search?**', async (route) => {
      await chosen.promise;
      await route.continue({ url: route.request().url().replace('limit=6', 'limit=1') });
    });
    await page.keyboard.type(' ');
    await page.keyboard.press('ArrowUp');
    const all = page.getByRole('option', { name: 'All results for “bread”', selected: true });
    await all.waitFor();
    chosen.resolve();
    await expect.poll(() => pins.count()).toBe(1);
    await page.keyboard.press('Enter');
    await expect.poll(() => new URL(page.url()).search).toBe('?view=search&q=bread');
  });
});

describe('interests', () => {
  test('of a user have evidence, can be hidden and shown again, and lead to a feed of one', async () => {
    const page = await browser.open(`/?user=${fan}`);
    await page.getByText(/^8 saves on 1 board:/).waitFor();
    await page.getByRole('button', { name: 'Hide my rock' }).click();
    await page.getByRole('status').getByText('my rock is hidden.').waitFor();
    const again = page.getByRole('button', { name: 'Show my rock again' });
    await again.waitFor();
    expect(await page.getByRole('button', { name: 'Hide my rock' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Hide my rock' }).waitFor();
    expect(await again.count()).toBe(0);
    await page.getByRole('link', { name: 'my rock', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'my rock' }).waitFor();
    await settled(page);
    const feed = page.getByRole('list', { name: 'Their feed in this interest' }).getByRole('heading');
    const titles = await feed.allTextContents();
    expect(titles.length).toBeGreaterThan(0);
    expect(titles.every((title) => title.includes('rock'))).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);
  });

  test('are renamed, hidden and merged by the operator, and apart again', async () => {
    const page = await browser.open('/?view=interests');
    await page.getByRole('link', { name: 'my bread', exact: true }).click();
    const edit = page.getByRole('button', { name: 'Edit', exact: true });
    const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true });
    await edit.click();
    await page.getByLabel('Name').fill('Baking');
    await page.getByLabel('Hide it and all below it').check();
    await settled(page);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await heading('Baking').waitFor();
    await page.getByText('hidden', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await heading('my bread').waitFor();
    expect(await page.getByText('hidden', { exact: true }).count()).toBe(0);
    await edit.click();
    await page.getByLabel('Merge into').selectOption({ label: 'my rock' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await heading('my rock').waitFor();
    await page.getByRole('button', { name: /^Separate \w{8} from my rock$/ }).click();
    await heading('my bread').waitFor();
  });

  test('an interest links to the feed of the chosen person', async () => {
    const page = await browser.open('/?view=interests');
    await page.getByRole('link', { name: 'my bikes', exact: true }).click();
    await page.getByRole('heading', { name: 'Most saved pins' }).waitFor();
    const box = page.getByRole('combobox', { name: 'Show the feed of a user' });
    await box.fill('bikes-fan-3');
    await page.keyboard.press('Enter');
    await page
      .getByRole('list', { name: 'Their feed in this interest' })
      .getByRole('heading')
      .first()
      .waitFor();
    expect(new URL(page.url()).searchParams.get('user')).toBe('bikes-fan-3');
  });
});

test('a pin without saves has neighbors, which say which words they share', async () => {
  const page = await browser.open('/?pin=new-rock');
  await page.getByText('It is on no board yet.').waitFor();
  const related = page.getByRole('list', { name: 'Related pins' });
  await related.getByRole('heading').first().waitFor();
  const reasons = await related.locator('.reason').allTextContents();
  expect(reasons[0]).toMatch(/^same words \(.*\brock\b.*\) as rock of the week$/);
});

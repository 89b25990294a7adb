import { describe, expect, test } from 'vitest';
import { serveForSuite } from '../api/server.ts';
import { browseForSuite, phone, seriousFaults, settled } from './browser.ts';
import { importRecipes, hostileTitle } from './recipes.ts';

const server = serveForSuite(importRecipes);
const browser = browseForSuite(server);

const views = [
  ['the start page', '/', 'Explore the graph'],
  ['a pin', '/?pin=basil&via.pin=tomato', 'Basil'],
  ['a pin with a text and a URL', '/?pin=tomato', 'Tomato'],
  ['a board', '/?board=menu-2', 'menu-2'],
  ['a user', '/?user=cook-1', 'cook-1'],
  ['an unknown pin', '/?pin=nothing', 'nothing'],
  ['an empty query', '/?view=compose', 'Compose'],
  [
    'a query with a filter',
    '/?view=compose&pin=basil&pin=tomato&weights=2,1&filter={"genres":"herb"}',
    'Compose',
  ],
  ['a comparison', '/?view=compose&pin=basil&compare=true&other.algorithm=paths', 'Compose'],
] as const;

describe('every view', () => {
  test.each(views)(
    'the view %s has no serious accessibility faults, light and wide, dark and narrow',
    async (_, path, title) => {
      const page = await browser.open(path, { colorScheme: 'light' });
      await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor();
      await settled(page);
      expect(await seriousFaults(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize(phone);
      expect(await seriousFaults(page)).toEqual([]);
      const beyond = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(beyond, 'horizontal overflow').toBeLessThanOrEqual(0);
    },
  );
});

describe('search', () => {
  test('search finds nodes while typing and opens the chosen one, by keyboard alone', async () => {
    const page = await browser.open('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('bas');
    const option = page.getByRole('option', { name: 'Basil' });
    await option.waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('ArrowDown');
    expect(await option.getAttribute('aria-selected')).toBe('true');
    const box = page.getByRole('combobox');
    expect(await box.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Basil' }).waitFor();
    expect(page.url()).toBe(`${server.url}/?pin=basil`);
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Explore the graph' }).waitFor();
  });

  test('search opens the first result when Enter is pressed before it arrives', async () => {
    const page = await browser.open('/');
    const pressed = Promise.withResolvers<void>();
    await page.route('**/v1/search**', async (route) => {
      await pressed.promise;
      await route.continue();
    });
    await page.getByRole('combobox').pressSequentially('bas');
    await page.keyboard.press('Enter');
    pressed.resolve();
    await page.getByRole('heading', { level: 1, name: 'Basil' }).waitFor();
    expect(await page.getByRole('combobox').inputValue()).toBe('');
  });

  test('search finds boards and users, reports when there are no results, and closes on Escape', async () => {
    const page = await browser.open('/');
    const box = page.getByRole('combobox');
    await box.fill('menu-1');
    await page.getByRole('group', { name: 'Boards' }).getByRole('option').first().waitFor();
    await box.fill('cook');
    await page.getByRole('group', { name: 'Users' }).getByRole('option').first().waitFor();
    await box.fill('xyzzy');
    await page.getByText('No results').waitFor();
    await box.press('Escape');
    await expect.poll(() => box.getAttribute('aria-expanded')).toBe('false');
  });
});

describe('a walk from pin to pin', () => {
  test('a walk from pin to pin leaves a trail of links back, kept in the URL', async () => {
    const page = await browser.open('/');
    const starts = page.getByRole('list', { name: 'Most saved pins' });
    await starts.getByRole('link', { name: 'Basil' }).click();
    await page.getByRole('heading', { level: 1, name: 'Basil' }).waitFor();
    const cards = page.getByRole('list', { name: 'Related pins' });
    await cards.getByRole('link', { name: 'Tomato' }).waitFor();
    await expect
      .poll(() => cards.getByRole('listitem').first().textContent())
      .toMatch(/saved with Basil on \d+ board/);
    await cards.getByRole('link', { name: 'Tomato' }).click();
    await page.getByRole('heading', { level: 1, name: 'Tomato' }).waitFor();
    expect(page.url()).toBe(`${server.url}/?pin=tomato&via.pin=basil`);
    await expect.poll(() => page.title()).toBe('Tomato · pinwalk');
    // Screen readers continue there.
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content');

    // The URL shows the same trail in another browser.
    const other = await browser.open(page.url().slice(server.url.length));
    const trail = other.getByRole('navigation', { name: 'Trail' });
    await trail.getByRole('link', { name: 'Basil' }).click();
    await other.getByRole('heading', { level: 1, name: 'Basil' }).waitFor();
    expect(other.url()).toBe(`${server.url}/?pin=basil`);

    await page.getByRole('complementary', { name: 'On these boards' }).getByRole('link').first().click();
    await page.getByRole('heading', { level: 2, name: 'Ideas for this board' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'Tomato' }).waitFor();
  });

  test('a page of a pin loads more cards until there are no more', async () => {
    const page = await browser.open('/?pin=jar-0');
    const cards = page.getByRole('list', { name: 'Related pins' }).getByRole('link');
    await expect.poll(() => cards.count()).toBe(24);
    const before = await cards.allTextContents();
    await page.getByRole('main').locator('.columns > section').getByRole('button', { name: 'More' }).click();
    await expect.poll(() => cards.count()).toBe(29);
    expect((await cards.allTextContents()).slice(0, 24)).toEqual(before);
    expect(
      await page
        .getByRole('main')
        .locator('.columns > section')
        .getByRole('button', { name: 'More' })
        .count(),
    ).toBe(0);
  });

  test('related pins as a table show the figures of the response, sort, and work by keyboard', async () => {
    const page = await browser.open('/?pin=basil');
    await settled(page);
    await page.getByRole('button', { name: 'Table' }).click();
    const table = page.getByRole('table', { name: 'Related pins' });
    await table.waitFor();
    await expect.poll(() => page.url()).toBe(`${server.url}/?pin=basil&as=table`);
    const { body } = await server.get('/v1/pins/basil/related?limit=24&explain=true&fields=title');
    const [first] = body.items;
    const { saves, via } = first.reason;
    const cells = await table.locator('tbody tr').first().locator('th, td').allTextContents();
    expect(cells.slice(3, 5)).toEqual([String(saves), String(via[0].paths)]);
    expect(Number(cells[5])).toBeCloseTo(via[0].lift, 2);
    const { boards } = (await server.get(`/v1/pins/${first.pin}`)).body.counts;
    const own = (await server.get('/v1/pins/basil')).body.counts.boards;
    const all = (await server.get('/v1/graph')).body.counts.boards;
    expect(saves).toBe(boards);
    expect(via[0].lift).toBeCloseTo((via[0].paths * all) / (boards * own), 2);

    await table.getByRole('button', { name: 'Saves' }).click();
    const column = table.locator('tbody td:nth-child(4)');
    const shown = (await column.allTextContents()).map(Number);
    expect(shown).toEqual(shown.toSorted((a, b) => b - a));
    await table.getByRole('button', { name: 'Saves' }).click();
    expect((await column.allTextContents()).map(Number)).toEqual(shown.toSorted((a, b) => a - b));
    expect(await table.getByRole('columnheader', { name: 'Saves' }).getAttribute('aria-sort')).toBe(
      'ascending',
    );

    const links = table.locator('tbody .node-link');
    await links.first().focus();
    await page.keyboard.press('ArrowDown');
    const title = await links.nth(1).textContent();
    expect(await page.evaluate('document.activeElement.textContent')).toBe(title);
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: title!, exact: true }).waitFor();
    // The choice goes along.
    await expect.poll(() => page.url()).toContain('as=table');
    await page.setViewportSize(phone);
    await page.getByRole('button', { name: 'Together' }).click();
    const sorted = page.getByRole('columnheader', { name: 'Together' });
    expect(await sorted.evaluate((cell) => cell.scrollWidth - cell.clientWidth)).toBeLessThanOrEqual(0);
  });

  test('a search with a typo says that its results are similar', async () => {
    const page = await browser.open('/');
    const search = page.getByRole('combobox', { name: 'Search' });
    await search.fill('tomtao');
    const option = page.getByRole('option', { name: 'Tomato' });
    await option.waitFor();
    expect(await option.textContent()).toContain('similar');
  });

  test('a walk from pin to pin works by keyboard alone', async () => {
    const page = await browser.open('/?pin=basil');
    await page.getByRole('list', { name: 'Related pins' }).getByRole('link').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
    await page.keyboard.press('Enter');
    const focused = (): Promise<string> => page.evaluate('document.activeElement.className');
    for (let i = 0; i < 20 && (await focused()) !== 'node-link card-link'; i++)
      await page.keyboard.press('Tab');
    expect(await focused()).toBe('node-link card-link');
    const name: string = await page.evaluate('document.activeElement.textContent');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  });
});

describe('a save', () => {
  test('a save changes the ideas of its board immediately, and can be undone and removed', async () => {
    const page = await browser.open('/?board=menu-0');
    const ideas = page.getByRole('list', { name: 'Ideas for this board' });
    const saved = page.getByRole('complementary', { name: 'On this board' });
    const tomato = ideas.getByRole('link', { name: 'Tomato' });
    await page.getByRole('button', { name: 'Save Tomato to this board' }).click();
    await page.getByText('Saved Tomato to menu-0.').waitFor();
    await saved.getByRole('link', { name: 'Tomato' }).waitFor();
    await expect.poll(() => tomato.count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await tomato.waitFor();
    await page.getByText('Removed Tomato from menu-0.').waitFor();

    await page.getByRole('button', { name: 'Remove Basil from this board' }).click();
    await ideas.getByRole('link', { name: 'Basil' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await saved.getByRole('link', { name: 'Basil' }).waitFor();
  });

  test('a save creates a new board of a new user, which recommendations use immediately', async () => {
    const page = await browser.open('/?pin=leek');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByLabel('User', { exact: true }).fill('dora');
    await page.getByLabel('Board', { exact: true }).fill('dora/soups');
    await page.keyboard.press('Enter');
    await page.getByText('Saved leek to dora/soups.').waitFor();
    await page.goto(`${server.url}/?user=dora`);
    await page.getByRole('list', { name: 'Pins for this user' }).getByRole('link').first().waitFor();
    await page.getByRole('complementary', { name: 'Boards' }).getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'dora/soups' }).waitFor();
  });

  test('a refused save reports the reason', async () => {
    const page = await browser.open('/?pin=leek');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByLabel('User', { exact: true }).fill('somebody else');
    await page.getByLabel('Board', { exact: true }).fill('menu-0');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('menu-0').waitFor();
    expect(await page.getByRole('dialog').isVisible()).toBe(true);
  });
});

describe('hostile data', () => {
  test('hostile data is rendered as text', async () => {
    const page = await browser.open('/?pin=garlic');
    const heading = page.getByRole('heading', { level: 1 });
    await expect.poll(() => heading.textContent()).toBe(hostileTitle);
    await page.getByRole('combobox').fill('"><script>');
    await page.getByRole('combobox').fill('onerror');
    await page.getByRole('option').getByText(hostileTitle).waitFor();
    await page.goto(
      `${server.url}/?${new URLSearchParams({ pin: `"><script>document.title='owned'</script>` })}`,
    );
    await page.getByRole('list', { name: 'Related pins' }).getByText(hostileTitle).first().waitFor();
    await page.goto(`${server.url}/?view=compose&pin=garlic`);
    await page.getByRole('list', { name: 'Query' }).getByText(hostileTitle).waitFor();
    expect(await page.title()).not.toBe('owned');
    expect(await page.locator('a[href^="javascript:"], img[src="x"]').count()).toBe(0);
  });

  test('the page loads images of other hosts only after the visitor switches them on', async () => {
    const page = await browser.open('/?pin=olive');
    await page.getByRole('heading', { level: 1, name: 'Olive' }).waitFor();
    expect(await page.locator('header .tile img').count()).toBe(0);
    // An image in the data itself needs no request.
    await page.locator('.card img[src^="data:"]').first().waitFor();
    await page.route('https://images.example/**', (route) => route.fulfill({ status: 404 }));
    const request = page.waitForRequest('https://images.example/olive.png');
    await page.getByRole('button', { name: 'Show images' }).first().click();
    await request;
    browser.expectFaults(/asked for https:\/\/images\.example\/olive\.png/);
  });
});

test('light and dark follow the system until the switch is used, which is remembered', async () => {
  const page = await browser.open('/', { colorScheme: 'dark' });
  const ground = (): Promise<string> =>
    page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
  const dark = await ground();
  await page.getByRole('button', { name: 'Use light colours' }).click();
  const light = await ground();
  expect(light).not.toBe(dark);
  await page.reload();
  expect(await ground()).toBe(light);
});

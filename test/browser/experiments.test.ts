import { expect, test } from 'vitest';
import { serveForSuite } from '../api/server.ts';
import { importFirst } from '../unlike.ts';
import { browseForSuite, phone, seriousFaults } from './browser.ts';

const server = serveForSuite(importFirst);
const browser = browseForSuite(server);
const dayMs = 86_400_000;
const start = Date.now() - 3 * dayMs;

async function put(id: string, surface: string): Promise<void> {
  const body = {
    surface,
    start: new Date(start).toISOString(),
    plannedUsers: 200,
    guardrails: [{ metric: 'hide/impressions' }],
    arms: [
      { name: 'default', share: 1 },
      { name: 'rare', share: 1, algorithm: 'related', params: { specificity: 0.8 } },
    ],
  };
  const { status } = await server.get(`/v1/experiments/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(status).toBe(200);
}

/** Lists of an arm on two days, of which each other one has a click in the arm `rare`, and each tenth elsewhere. */
function listsOf(experiment: string, surface: string, arm: string, count: number): object[] {
  return Array.from({ length: count }, (_, i) => {
    const shown = { user: `${arm}${i}`, pin: 'pin-1', recommendationId: `${experiment}-${arm}-${i}` };
    const at = start + 1_000 + (i % 3) * dayMs;
    const impression = { ...shown, kind: 'impression', at, surface, arm: `${experiment}/${arm}` };
    const isClicked = i % (arm === 'rare' ? 2 : 10) === 0;
    return isClicked ? [impression, { ...shown, kind: 'click', at: at + 1_000 }] : [impression];
  }).flat();
}

test('the page says that there is no experiment yet', async () => {
  const page = await browser.open('/?view=experiments');
  await page.getByText('There is no experiment.').waitFor();
  await page.getByText('Nothing was recorded yet: send requests with surface and record').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

test('the page shows an experiment in plain words, its intervals by day and engagement, also on a phone', async () => {
  await put('specific', 'related');
  const rows = ['default', 'rare'].flatMap((arm) => listsOf('specific', 'related', arm, 200));
  expect((await server.post('/v1/interactions', rows)).status).toBe(202);
  for (const viewport of [{ width: 1280, height: 800 }, phone]) {
    const page = await browser.open('/?view=experiments', { viewport });
    await page.getByText(/^rare: higher, by \d+ % to \d+ %\.$/).waitFor();
    await page.getByText('rare: nothing to say yet.').waitFor();
    await page.getByRole('img', { name: /^Difference from the control by day.*rare \+/ }).waitFor();
    await page.getByText('400 impressions').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
    const cut = page
      .locator('[aria-labelledby="experiment-title"] table :is(th, td)')
      .evaluateAll((cells) =>
        cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
      );
    expect(await cut, 'cells whose text is cut').toEqual([]);
    expect(await seriousFaults(page)).toEqual([]);
  }
});

test('the page raises an alarm when people are not spread as intended', async () => {
  await put('off', 'home');
  const rows = [...listsOf('off', 'home', 'default', 200), ...listsOf('off', 'home', 'rare', 90)];
  expect((await server.post('/v1/interactions', rows)).status).toBe(202);
  const page = await browser.open('/?view=experiments&id=off');
  await page.getByText('People are not spread over the arms as intended.').waitFor();
  await page.getByRole('link', { name: 'specific running' }).click();
  await page.getByRole('heading', { level: 2, name: 'specific' }).waitFor();
  expect(page.url()).toContain('id=specific');
  expect(await seriousFaults(page)).toEqual([]);
});

import { expect, test } from 'vitest';
import { serveForSuite } from '../api/server.ts';
import { dayMs, fillFolder, hourMs, plan, policy, sendUntil } from '../planning.ts';
import { browseForSuite, phone, seriousFaults, settled } from './browser.ts';

const people = 60;
const server = serveForSuite(async (folder) => fillFolder(folder, people));
const browser = browseForSuite(server);

test('the page says that nothing was planned yet, and previews the notification of a user', async () => {
  const page = await browser.open('/?view=notifications');
  await page.getByText('Nothing was planned yet').waitFor();
  await page.getByText('Unknown until the first plan.').waitFor();
  await page.getByText('Nothing was held back.').waitFor();
  await page.getByRole('combobox', { name: 'Show what would be sent to a user' }).fill('u5');
  await page.getByRole('option', { name: 'u5' }).first().click();
  await page.getByText('would be sent').waitFor();
  expect(page.url()).toContain('user=u5');
  expect(await seriousFaults(page)).toEqual([]);
});

test('the page shows volume, rules, calibration and hours of notifications, also on a phone and in dark mode', async () => {
  const start = Math.floor(Date.now() / dayMs) * dayMs - 3 * dayMs;
  for (let day = 0; day < 3; day++) {
    const at = start + day * dayMs + hourMs;
    await plan(server.folder, at, { ...policy, perWeek: 5, holdout: 0.1 });
    sendUntil(server.folder, at + dayMs);
  }
  for (const options of [
    { viewport: { width: 1280, height: 800 } },
    { viewport: phone, colorScheme: 'dark' as const },
  ]) {
    const page = await browser.open('/?view=notifications&user=u7', options);
    await page.getByRole('heading', { name: 'Decided before' }).waitFor();
    await page
      .getByRole('heading', { name: 'Why this probability' })
      .or(page.getByText('held back').first())
      .first()
      .waitFor();
    await page.getByText(/of [\d,]+ notifications of the week are planned/).waitFor();
    await page.getByText('holdout').first().waitFor();
    await page.getByRole('img', { name: /^Predicted and observed clicks: / }).waitFor();
    await page.getByRole('img', { name: /^Share that was clicked by the hour of sending/ }).waitFor();
    await settled(page);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(options.viewport.width);
    expect(await seriousFaults(page)).toEqual([]);
  }
});

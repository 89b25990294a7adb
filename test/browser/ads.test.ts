import { expect, test } from 'vitest';
import { CampaignStore } from '../../graph-data/campaigns/index.ts';
import { bid, budget, serveCampaigns } from '../api/campaign-server.ts';
import { browseForSuite, phone, seriousFaults } from './browser.ts';

const { server, put, related, others } = serveCampaigns();
const browser = browseForSuite(server);

test('the page says that there is no campaign yet', async () => {
  const page = await browser.open('/?view=ads');
  await page.getByText('There is no campaign.').waitFor();
  expect(await seriousFaults(page)).toEqual([]);
});

test('the page shows the results, the pacing and the auctions of a campaign, also on a phone', async () => {
  const [first, second] = await others();
  await put('tea', { pins: [first], bid: bid(800_000), ...budget });
  await put('coffee', { pins: [second], bid: bid(400_000), ...budget });
  for (let i = 0; i < 3; i++) {
    const { body } = await related(`person-${i}`);
    const { pin, promoted } = body.items.find((item: { promoted?: object }) => item.promoted !== undefined);
    const click = { kind: 'click', user: `person-${i}`, pin, promoted: promoted.token };
    expect((await server.post('/v1/interactions', click)).status).toBe(202);
  }
  const store = new CampaignStore(server.folder, 5_000);
  for (const hour of [0, 1, 2]) store.pace(Date.now() + hour * 3_600_000, -1);
  store.close();
  for (const viewport of [{ width: 1280, height: 800 }, phone]) {
    const page = await browser.open('/?view=ads&id=tea', { viewport });
    await page.getByRole('heading', { level: 2, name: 'tea' }).waitFor();
    await page.getByRole('row', { name: /^Clicks 3 100\.0 %, \d+\.\d % to 100\.0 %$/ }).waitFor();
    await page
      .getByRole('row', { name: new RegExp(`person-2 ${first} .* 0\\.80 0\\.\\d\\d coffee$`) })
      .waitFor();
    // By the interest of what was looked at: three impressions of three people, each with a click.
    await page.getByRole('row', { name: /^.*bread 3 3 3 100\.0 % 0 \d\.\d\d \d\.\d\d$/ }).waitFor();
    await page
      .getByRole('img', { name: /^Pacing: \d\.\d\d of 10\.00 spent, takes part in \d+ % of auctions$/ })
      .waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBeLessThanOrEqual(viewport.width);
    const tab = (await page.getByRole('link', { name: 'Ads', exact: true }).boundingBox())!;
    expect(tab.x + tab.width, 'the end of the tab').toBeLessThanOrEqual(viewport.width);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'coffee running' }).click();
    await page.getByRole('heading', { level: 2, name: 'coffee' }).waitFor();
    expect(page.url()).toContain('id=coffee');
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('link', { name: 'coffee paused' }).waitFor();
    expect((await server.get('/v1/campaigns/coffee')).body).toMatchObject({ paused: true, pins: [second] });
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('link', { name: 'coffee running' }).waitFor();
  }
});

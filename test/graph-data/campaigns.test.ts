import { createHmac } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import { CampaignStore, readCampaign, readToken, readTokenSecret } from '../../graph-data/campaigns/index.ts';
import { campaignReport } from '../../graph-data/campaigns/reports/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';
import { candidatesOf, click, dayMs, folderWith, hourMs, minuteMs, show, start } from './shown-campaigns.ts';

test('nothing is created before the first campaign', () => {
  const folder = temporaryDataFolder();
  const store = new CampaignStore(folder, 0);
  expect(store.record([click(new Uint8Array(16), 'ann')], [{ user: 'ann', pin: 'basil' }], start)).toEqual([
    'gone',
  ]);
  expect([store.pace(start, -1), store.remove('x'), store.dropBefore(start)]).toEqual([undefined, false, 0]);
  expect(existsSync(path.join(folder.root, 'campaigns.db'))).toBe(false);
});

test('a token is the id of its impression with half of its HMAC-SHA256', () => {
  const { folder, store } = folderWith({ a: {} });
  store.close();
  const [secret, id] = [readTokenSecret(folder)!, Buffer.alloc(16, 7)];
  const mac = createHmac('sha256', secret).update('impression ').update(id).digest().subarray(0, 16);
  expect(readToken(secret, Buffer.concat([id, mac]).toString('base64url'))).toEqual(id);
  mac[0]! ^= 1;
  expect(readToken(secret, Buffer.concat([id, mac]).toString('base64url'))).toBeUndefined();
});

test('an auction sees the charges of another writer', () => {
  const own = folderWith({ a: { totalBudgetMicros: 150 } });
  const other = new CampaignStore(own.folder, 1_000);
  const impression = show(own, 'ann', start).get('a')!;
  expect(show(own, 'ben', start).size).toBe(1);
  expect(other.record([click(impression, 'ann')], [], start)).toEqual(['charged']);
  expect(show(own, 'cem', start).size).toBe(0);
  other.close();
});

test('two writers that charge at once, in any order, exceed no budget and charge nothing twice', () => {
  const random = randomStream(Number(process.env['PINWALK_SEED'] ?? 22));
  const own = folderWith({ a: { dailyBudgetMicros: 2_050, totalBudgetMicros: 5_075 } });
  const writers = [own.store, new CampaignStore(own.folder, 1_000)];
  const shown: [Uint8Array, string][] = [];
  let charged = 0;
  for (let step = 0; step < 1_500; step++) {
    const at = start + step * 4 * minuteMs;
    const user = `u${nextBelow(random, 200)}`;
    const found = show(own, user, at).get('a');
    if (found !== undefined) shown.push([found, user]);
    const [impression, who] = shown[Math.max(0, shown.length - 1 - nextBelow(random, 400))]!;
    const rows = Array.from({ length: 1 + nextBelow(random, 2) }, () => click(impression, who));
    for (const writer of nextUnit(random) < 0.3 ? writers : [writers[step % 2]!])
      charged += writer.record(rows, [], at).filter((result) => result === 'charged').length;
  }
  const { days, spentMicros, uncharged } = campaignReport(own.folder, readCampaign(own.folder, 'a', start)!);
  // 50 of 100: the 75 that are left are less than a bid.
  expect([spentMicros, charged]).toEqual([5_000, 50]);
  for (const day of days) expect(day.spentMicros).toBeLessThanOrEqual(2_000);
  expect(days.filter((day) => day.spentMicros === 2_000).length).toBeGreaterThan(0);
  expect(Object.keys(uncharged).toSorted()).toEqual(['late', 'over-budget']);
  writers[1]!.close();
});

test('pacing spends a day evenly, within a percent of its budget, and a surge in no hour above twice its share', () => {
  const random = randomStream(7);
  const own = folderWith({ a: { dailyBudgetMicros: 40_000 } });
  const usual = Array.from({ length: 24 }, (_, hour) => (hour < 6 ? 0.4 : 1.6));
  const database = new SqliteDatabase(path.join(own.folder.root, 'campaigns.db'));
  for (const [hour, rate] of usual.entries())
    database.prepare('INSERT INTO traffic VALUES (?, ?)').run((start - dayMs) / hourMs + hour, 600 * rate);
  database.close();
  const spent = new Float64Array(24);
  for (let minute = 0; minute < 1_440; minute++) {
    const [hour, at] = [Math.floor(minute / 60), start + minute * minuteMs];
    own.store.pace(at, -1);
    // A surge that the days before did not have.
    for (let left = hour === 11 ? 6 : usual[hour]!; nextUnit(random) < left; left--) {
      const user = `u${minute}-${left}`;
      const impression = show(own, user, at).get('a');
      if (impression === undefined || nextUnit(random) > 0.5) continue;
      if (own.store.record([click(impression, user)], [], at + 1_000)[0] === 'charged') spent[hour]! += 100;
    }
  }
  const total = spent.reduce((sum, each) => sum + each, 0);
  expect(total).toBeGreaterThanOrEqual(0.99 * 40_000);
  expect(total).toBeLessThanOrEqual(40_000);
  const traffic = usual.reduce((sum, each) => sum + each, 0);
  const excess = [...spent].map((micros, hour) => micros / total / (usual[hour]! / traffic));
  expect(Math.max(...excess)).toBeLessThan(2);
});

test('a pin that two campaigns promote stands in a list once, and its price is that of both', () => {
  const own = folderWith({ a: {}, b: { bid: { per: 'click', micros: 250 } } });
  const { placements } = own.store.place({
    recommendationId: 'twice',
    user: 'ann',
    surface: '',
    interest: '',
    slots: [1, 2],
    candidates: { ...candidatesOf([0, 1]), pins: Int32Array.of(0, 0) },
    at: start,
    randomSeed: 1,
    reserveMicros: 10,
    minRelevance: 0,
  });
  expect(placements.map(({ campaign, slot }) => [campaign, slot])).toEqual([['b', 1]]);
});

test('the report counts impressions and their actions by interest', () => {
  let lists = 0;
  const own = folderWith({ a: {} });
  const shown = (interest: string, user: string): Uint8Array => {
    const { placements } = own.store.place({
      recommendationId: `${interest} ${user} ${++lists}`,
      user,
      surface: '',
      interest,
      slots: [1],
      candidates: candidatesOf([0]),
      at: start,
      randomSeed: 1,
      reserveMicros: 100,
      minRelevance: 0,
    });
    return readToken(readTokenSecret(own.folder)!, placements[0]!.token)!;
  };
  const first = shown('herbs', 'ann');
  for (const interest of ['herbs', 'herbs', '']) shown(interest, interest === '' ? 'cem' : 'ben');
  own.store.record([click(first, 'ann')], [], start);
  const { interests, auctions } = campaignReport(own.folder, readCampaign(own.folder, 'a', start)!);
  expect(interests).toMatchObject([
    { interest: 'herbs', impressions: 3, reach: 2, clicks: 1, spentMicros: 100, clickRate: { rate: 1 / 3 } },
    { interest: null, impressions: 1, reach: 1, clicks: 0, spentMicros: 0, clickRate: { rate: 0, low: 0 } },
  ]);
  expect(auctions.map(({ interest }) => interest).toSorted()).toEqual(['', 'herbs', 'herbs', 'herbs']);
});

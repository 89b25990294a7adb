import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import {
  type CampaignSettings,
  type DataFolder,
  type PersonFacts,
  type PromotedCandidates,
  CampaignStore,
  backUp,
  campaignReport,
  openDataFolder,
  readCampaign,
  readPromotions,
  readToken,
  readTokenSecret,
  restore,
} from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, temporaryFolder } from '../data-folders.ts';

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];
/** A midnight of UTC. */
const start = Date.UTC(2027, 0, 20);
const settings: CampaignSettings = {
  pins: ['basil'],
  label: 'Promoted',
  targets: { interests: [], pins: [], boards: [], searchTerms: [], excludeInterests: [] },
  surfaces: [],
  bid: { per: 'click', micros: 100 },
  dailyBudgetMicros: 10_000,
  totalBudgetMicros: null,
  timeZone: 'UTC',
  start: new Date(start).toISOString(),
  end: null,
  frequencyCap: { impressions: 1_000, hours: 24 },
  holdout: 0,
  paused: false,
};

/** A folder with campaigns by id, numbered in their order. */
function folderWith(campaigns: Readonly<Record<string, Partial<CampaignSettings>>>): {
  folder: DataFolder;
  store: CampaignStore;
} {
  const folder = temporaryDataFolder(afterAll);
  const store = new CampaignStore(folder, 1_000, facts);
  afterAll(() => store.close());
  for (const [id, more] of Object.entries(campaigns)) store.put(id, { ...settings, ...more }, [], start);
  return { folder, store };
}

/** Each campaign promotes the pin of its number; the first one basil. */
const facts: PersonFacts = {
  keyOf: (pin) => (pin === 0 ? 'basil' : `pin-${pin}`),
  hasSaved: () => false,
  isHeldOut: () => false,
  passes: () => false,
};
const candidatesOf = (numbers: readonly number[]): PromotedCandidates => ({
  campaigns: Int32Array.from(numbers),
  pins: Int32Array.from(numbers),
  relevances: Float64Array.from(numbers, () => 1),
});

let lists = 0;
/** Shows the campaigns of these numbers to somebody; returns ids of impressions by campaign. */
function show(
  { folder, store }: { folder: DataFolder; store: CampaignStore },
  user: string,
  at: number,
  numbers: readonly number[] = [0],
): Map<string, Uint8Array> {
  const { placements } = store.place({
    recommendationId: `list-${++lists}`,
    user,
    surface: 'home',
    interest: numbers.length > 1 ? 'herbs---' : '',
    slots: numbers.map((_, i) => i + 1),
    candidates: candidatesOf(numbers),
    at,
    randomSeed: 1,
    reserveMicros: 100,
    minRelevance: 0,
  });
  const secret = readTokenSecret(folder)!;
  return new Map(placements.map(({ campaign, token }) => [campaign, readToken(secret, token)!]));
}

const click = (impression: Uint8Array, user: string, pin = 'basil') => ({
  impression,
  kind: 'click',
  user,
  pin,
});

test('nothing is created before the first campaign', () => {
  const folder = temporaryDataFolder(afterAll);
  const store = new CampaignStore(folder, 0);
  expect(store.record([click(new Uint8Array(16), 'ann')], [{ user: 'ann', pin: 'basil' }], start)).toEqual([
    'gone',
  ]);
  expect([store.pace(start, -1), store.remove('x'), store.dropBefore(start)]).toEqual([undefined, false, 0]);
  expect(existsSync(path.join(folder.root, 'campaigns.db'))).toBe(false);
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

test('a backup has the campaigns, and a restore does not forget what was charged since', async () => {
  const own = folderWith({ a: { totalBudgetMicros: 300 }, gone: { pins: ['pin-1'] } });
  await importSaves(own.folder, ['ann pasta basil']);
  const charge = (user: string): string => {
    const impression = show(own, user, start).get('a');
    return impression === undefined
      ? 'not shown'
      : own.store.record([click(impression, user)], [], start)[0]!;
  };
  expect(charge('ann')).toBe('charged');
  const file = path.join(temporaryFolder(afterAll), 'all.tar');
  await backUp(own.folder, file, { pinwalk: '0.1.0', createdAt: new Date(start) });
  expect([charge('ben'), charge('cem'), charge('dan')]).toEqual(['charged', 'charged', 'not shown']);
  own.store.record([], [{ user: 'eve', pin: 'basil' }], start);
  own.store.remove('gone');
  own.store.close();
  await restore(own.folder.root, file, { force: true });
  expect(readCampaign(own.folder, 'a', start)).toMatchObject({ spent: 300, spentToday: 300 });
  expect(readPromotions(own.folder, 'cem')?.impressions).toHaveLength(1);
  expect(readPromotions(own.folder, 'eve')?.hidden).toEqual(['basil']);
  // As the backup had it.
  expect(readCampaign(own.folder, 'gone', start)?.spent).toBe(0);
  expect(charge('fay')).toBe('not shown');
  // Elsewhere, the backup is all there is; a folder of another origin has nothing to add.
  const other = folderWith({ a: {} });
  await importSaves(other.folder, ['ann pasta basil']);
  other.store.close();
  await restore(other.folder.root, file, { force: true });
  expect(readCampaign(other.folder, 'a', start)).toMatchObject({
    spent: 100,
    settings: { totalBudgetMicros: 300 },
  });
});

test('retention deletes impressions and charges, and neither counts nor spend', () => {
  const own = folderWith({ a: {} });
  const impression = show(own, 'ann', start).get('a')!;
  own.store.record([click(impression, 'ann')], [], start);
  expect(own.store.dropBefore(start + hourMs)).toBe(2);
  expect(own.store.record([click(impression, 'ann')], [], start + hourMs)).toEqual(['gone']);
  const report = campaignReport(own.folder, readCampaign(own.folder, 'a', start)!);
  expect(report).toMatchObject({ impressions: 1, clicks: 1, spentMicros: 100, reach: 0 });
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

test('the report counts what was shown for each interest, with what came of it', () => {
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
    { interest: null, impressions: 1, reach: 1, clicks: 0, spentMicros: 0, clickRate: { rate: 0 } },
  ]);
  expect(auctions.map(({ interest }) => interest).toSorted()).toEqual(['', 'herbs', 'herbs', 'herbs']);
});

test('a file of the first version is upgraded by whoever opens it first, to read or to write', () => {
  const asOld = (folder: DataFolder): void => {
    const database = new SqliteDatabase(path.join(folder.root, 'campaigns.db'));
    database.exec(`DROP INDEX promoted_by_campaign; ALTER TABLE impressions DROP COLUMN interest; ALTER TABLE campaigns DROP COLUMN variance;
      UPDATE campaigns SET settings = json_remove(settings, '$.targets.searchTerms')`);
    database.pragma('user_version = 1');
    database.close();
  };
  for (const isRead of [true, false]) {
    const own = folderWith({ a: {} });
    const impression = show(own, 'ann', start).get('a')!;
    own.store.close();
    asOld(own.folder);
    if (isRead) expect(readCampaign(own.folder, 'a', start)?.settings).toEqual(settings);
    const store = new CampaignStore(own.folder, 1_000, facts);
    expect(store.record([click(impression, 'ann')], [], start)).toEqual(['charged']);
    expect(show({ ...own, store }, 'ben', start).size).toBe(1);
    const { interests } = campaignReport(own.folder, readCampaign(own.folder, 'a', start)!);
    expect(interests).toMatchObject([{ interest: null, impressions: 2, clicks: 1 }]);
    store.close();
  }
});

test('the file of a newer pinwalk is refused, and what is none is named as damaged', () => {
  const own = folderWith({ a: {} });
  own.store.close();
  const file = path.join(own.folder.root, 'campaigns.db');
  const database = new SqliteDatabase(file);
  database.pragma('user_version = 3');
  database.close();
  expect(() => readCampaign(own.folder, 'a', start)).toThrow('use a newer one');
  copyFileSync(import.meta.filename, file);
  expect(() => readCampaign(own.folder, 'a', start)).toThrow('would forget what was spent');
  expect(() => new CampaignStore(openDataFolder(own.folder.root), 0).dropBefore(start + dayMs)).toThrow(
    'damaged',
  );
});

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type DataFolder, backUp, openDataFolder, restore } from '../../graph-data/index.ts';
import { CampaignStore, readCampaign, readPromotions } from '../../graph-data/campaigns/index.ts';
import { campaignReport } from '../../graph-data/campaigns/reports/index.ts';
import { importSaves, temporaryFolder } from '../data-folders.ts';
import { click, dayMs, facts, folderWith, hourMs, settings, show, start } from './shown-campaigns.ts';

/** The file of campaigns: backups, restores, retention, versions, damage. */

test('a backup contains the campaigns, and a restore keeps later charges', async () => {
  const own = folderWith({ a: { totalBudgetMicros: 300 }, gone: { pins: ['pin-1'] } });
  await importSaves(own.folder, ['ann pasta basil']);
  const charge = (user: string): string => {
    const impression = show(own, user, start).get('a');
    return impression === undefined
      ? 'not shown'
      : own.store.record([click(impression, user)], [], start)[0]!;
  };
  expect(charge('ann')).toBe('charged');
  const file = path.join(temporaryFolder(), 'all.tar');
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

test('the first reader or writer of a file of the first version upgrades it', () => {
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

test('the file of a newer pinwalk is refused, and any other file is reported as damaged', () => {
  const own = folderWith({ a: {} });
  own.store.close();
  const file = path.join(own.folder.root, 'campaigns.db');
  const database = new SqliteDatabase(file);
  database.pragma('user_version = 3');
  database.close();
  expect(() => readCampaign(own.folder, 'a', start)).toThrow('use a newer one');
  copyFileSync(import.meta.filename, file);
  expect(() => readCampaign(own.folder, 'a', start)).toThrow('would forget all spending');
  expect(() => new CampaignStore(openDataFolder(own.folder.root), 0).dropBefore(start + dayMs)).toThrow(
    'damaged',
  );
});

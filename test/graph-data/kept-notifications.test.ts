import { existsSync, readFileSync, readdirSync, truncateSync } from 'node:fs';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import {
  NotificationStore,
  backUp,
  openDataFolder,
  readChannels,
  readLinkSecret,
  restore,
} from '../../graph-data/index.ts';
import { temporaryFolder } from '../data-folders.ts';
import { hourMs, inbox, leaseMs, nightly, noon, open, proposal } from './notified.ts';

/** The file of notifications: backups, restores, erasures, damage. */

test('a backup restores channels and sent notifications; pending ones are cancelled, and stay cancelled', async () => {
  const { folder, store, send } = await open({ ann: [nightly], ben: [inbox] });
  store.propose([proposal('ann', 'sent'), proposal('ben', 'sent')], noon);
  expect(send(noon)).toHaveLength(2);
  store.propose([proposal('ann', 'waits'), proposal('ben', 'claimed')], noon + 1);
  expect(store.claim(noon + 1, leaseMs, 1)).toHaveLength(1);
  const file = path.join(temporaryFolder(), 'b.tar');
  await backUp(folder, file, { pinwalk: '0', createdAt: new Date(0) });
  const other = await open({ ann: [inbox], cem: [inbox] });
  other.store.propose([proposal('ann', 'elsewhere')], noon);
  other.store.close();
  await restore(other.folder.root, file, { force: true });
  const restored = openDataFolder(other.folder.root);
  const waiting = new NotificationStore(restored, 1_000);
  onTestFinished(() => waiting.close());
  expect(readChannels(restored, 'ann')).toEqual(readChannels(folder, 'ann'));
  expect(readChannels(restored, 'cem')).toEqual([]);
  expect(readLinkSecret(restored)).toEqual(readLinkSecret(folder));
  const again = [proposal('ann', 'sent'), proposal('ann', 'waits'), proposal('ben', 'claimed')];
  expect(waiting.propose(again, noon + 2)).toEqual(['present', 'present', 'present']);
  expect(waiting.claim(noon + hourMs, leaseMs, 10)).toEqual([]);
  // The source goes on.
  expect(send(noon + 2)).toHaveLength(1);
});

test('a restore over its own folder keeps later refusals of consent and later sent notifications', async () => {
  const { folder, store, send } = await open({ ann: [inbox], ben: [inbox], cem: [inbox], dan: [inbox] });
  const file = path.join(temporaryFolder(), 'b.tar');
  await backUp(folder, file, { pinwalk: '0', createdAt: new Date(0) });
  store.propose([proposal('ann', 'since'), proposal('dan', 'since')], noon);
  expect(send(noon)).toHaveLength(2);
  store.propose([proposal('dan', 'claimed')], noon);
  expect(store.claim(noon, leaseMs, 1)).toHaveLength(1);
  store.putChannels('ben', [{ ...inbox, consent: false }], noon);
  store.putChannels('cem', [], noon);
  store.close();
  await restore(folder.root, file, { force: true });
  const consents = ['ann', 'ben', 'cem', 'dan'].map((user) => readChannels(folder, user)[0]?.consent);
  expect(consents).toEqual([true, false, false, true]);
  const again = ['since', 'claimed'].map((window) => proposal('dan', window));
  expect(store.propose([proposal('ann', 'since'), ...again], noon)).toEqual([
    'present',
    'present',
    'present',
  ]);
  expect(store.claim(noon + hourMs, leaseMs, 10)).toEqual([]);
});

test("a backup without channels has no file of them, and restoring it removes the folder's channels", async () => {
  const { folder } = await open({});
  const file = path.join(temporaryFolder(), 'b.tar');
  await backUp(folder, file, { pinwalk: '0', createdAt: new Date(0) });
  const fresh = path.join(temporaryFolder(), 'restored');
  await restore(fresh, file);
  expect(readdirSync(fresh)).not.toContain('notifications.db');
  const other = await open({ ann: [inbox] });
  other.store.close();
  await restore(other.folder.root, file, { force: true });
  expect(readdirSync(other.folder.root).filter((name) => name.startsWith('notifications'))).toEqual([]);
});

test('erasing leaves no trace of a person in the file or its log', async () => {
  const { folder, store } = await open({ 'Ann Unmistakable': [{ ...inbox, address: 'unmistakable@x.org' }], ben: [inbox] }); // prettier-ignore
  store.propose([proposal('Ann Unmistakable', 'w1'), proposal('ben', 'w1')], noon);
  const bytes = (): string =>
    ['', '-wal']
      .map((end) => path.join(folder.root, `notifications.db${end}`))
      .map((file) => (existsSync(file) ? readFileSync(file).toString('latin1').toLowerCase() : ''))
      .join('');
  expect(bytes()).toContain('unmistakable');
  store.erase('Ann Unmistakable');
  expect(bytes()).not.toContain('unmistakable');
  expect(store.claim(noon, leaseMs, 10).map(({ user }) => user)).toEqual(['ben']);
});

test('a damaged file is reported with its remedy, and work continues once it is restored', async () => {
  const { folder, store } = await open({ ann: [inbox] });
  store.close();
  const file = path.join(folder.root, 'notifications.db');
  const whole = new SqliteDatabase(file);
  whole.pragma('journal_mode = DELETE');
  whole.close();
  truncateSync(file, 0);
  expect(() => store.propose([proposal('ann', 'w1')], noon)).toThrow(
    'restore notifications.db from a backup',
  );
  expect(() => readChannels(folder, 'ann')).toThrow('the file is empty');
});

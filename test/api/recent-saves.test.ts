import { expect, test } from 'vitest';
import { RecentSaves } from '../../api/recommend/recent-saves.ts';
import { TooMuchWork, Work, prices } from '../../engine/base/index.ts';
import { SaveWriter, Store } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

test('a slow count is reused for ten times its duration, and a fast one is repeated at once', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil']);
  const writer = SaveWriter.open(folder, { busyMs: 0 });
  const store = Store.open(folder);
  const time = Date.UTC(2026, 4, 1);
  const save = (user: string): void => {
    writer.apply([{ changes: [{ kind: 'save', user, pin: 'basil' }], time }]);
  };
  let [now, countMs] = [0, 0];
  const recent = new RecentSaves(store, () => (now += countMs));
  const saves = (): number => recent.within(7, 'pins', time)[0]![1];
  save('ben');
  expect(saves()).toBe(1);
  save('cem');
  expect(saves()).toBe(2);

  countMs = 5; // from one look at the clock to the next
  save('dan');
  expect(saves()).toBe(3);
  save('eve');
  expect(saves()).toBe(3);
  now += 50;
  expect(saves()).toBe(4);
  writer.close();
  store.close();
});

test('a window with more saves than the work allows here is not counted, and costs the same request elsewhere', async () => {
  const folder = temporaryDataFolder();
  const writer = SaveWriter.open(folder, { busyMs: 0 });
  const time = Date.UTC(2026, 4, 1);
  const users = ['ann', 'ben', 'cem', 'dan', 'eve'];
  writer.apply([{ changes: users.map((user) => ({ kind: 'save' as const, user, pin: 'basil' })), time }]);
  const store = Store.open(folder);
  const [light, heavy] = [0, 1].map(() => new RecentSaves(store, () => 0)) as [RecentSaves, RecentSaves];
  const within = (recent: RecentSaves, handOverAt: number): Work => {
    const work = new Work(1e9, handOverAt);
    expect(recent.within(7, 'pins', time, work)).toEqual([[0, 5]]);
    return work;
  };
  for (let i = 0; i < 2; i++) expect(() => within(light, 4 * prices.countedSave)).toThrow(TooMuchWork);
  const [first, second] = [within(heavy, Infinity), within(heavy, Infinity)];
  expect([first.cost, second.cost]).toEqual([5 * prices.countedSave, 0]);
  // What a request may still do does not depend on who counted.
  expect([first.used, second.used]).toEqual([0, 0]);
  writer.close();
  store.close();
});

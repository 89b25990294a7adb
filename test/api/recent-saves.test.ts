import { afterAll, expect, test } from 'vitest';
import { RecentSaves } from '../../api/recommend/recent-saves.ts';
import { SaveWriter, Store } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

test('a slow count is reused for ten times its duration, and a fast one is repeated at once', async () => {
  const folder = temporaryDataFolder(afterAll);
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

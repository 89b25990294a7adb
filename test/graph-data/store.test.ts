import { expect, test } from 'vitest';
import { Store } from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

test('concurrent reads see one state, and later commits afterwards; a fault ends them', async () => {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato']);
  const store = Store.open(folder);
  const writer = openDatabase(folder);
  const keys = (): (string | undefined)[] => [0, 1].map((board) => store.keyAt('boards', board));
  const rename = (key: string): void => void writer.prepare('UPDATE boards SET key = ?').run(key);

  const [first, second] = store.atOnce(() => {
    const before = keys();
    rename('salad');
    return [before, keys()];
  });
  expect(first).toEqual(['pasta', undefined]);
  expect(second).toEqual(first);
  expect(keys()).toEqual(['salad', undefined]);

  const failing = (): never => {
    throw new RangeError('within');
  };
  expect(() => store.atOnce(failing)).toThrow(RangeError);
  rename('soup');
  expect(keys()).toEqual(['soup', undefined]);
  writer.close();
  store.close();
});

import { expect, onTestFinished, test } from 'vitest';
import { recommendationRequest } from '../../api/contract/index.ts';
import { Recommender } from '../../api/recommend/index.ts';
import { Store, buildSnapshot, importFiles, loadSnapshot } from '../../graph-data/index.ts';
import { importSaves, temporaryDataFolder, writeInput } from '../data-folders.ts';

test('a list whose fields are too long is refused before it is serialised, with the remedy', async () => {
  const folder = temporaryDataFolder(onTestFinished);
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ann pasta garlic']);
  const pins = ['tomato', 'garlic'].map((pin) =>
    JSON.stringify({ pin, title: 'x'.repeat(40), size: [1, 2] }),
  );
  await importFiles(folder, [writeInput(folder, 'pins.jsonl', `${pins.join('\n')}\n`)]);
  const snapshot = loadSnapshot(folder, (await buildSnapshot(folder, () => 0)).version);
  const store = Store.open(folder);
  onTestFinished(() => store.close());
  const recommender = new Recommender({ store, folder, now: () => 0, wallClock: () => 0 });
  const itemsOf = (fields: object, fieldLengthMax: number): number => {
    const request = recommendationRequest.parse({ query: [{ pin: 'basil' }], fields: ['title'], ...fields });
    return recommender.recommend(snapshot, request, { fieldLengthMax }).items.length;
  };
  expect(itemsOf({}, 80)).toBe(2);
  expect(() => itemsOf({}, 79)).toThrow('over 79 characters: request fewer fields, or a smaller limit');
  expect(itemsOf({ limit: 1 }, 79)).toBe(1);
  expect(() => itemsOf({ fields: ['size'] }, 9)).toThrow('over 9 characters');
  expect(itemsOf({ fields: [] }, 0)).toBe(2);
});

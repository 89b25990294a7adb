import { expect, test } from 'vitest';
import {
  SaveWriter,
  buildSnapshot,
  importRows,
  loadSnapshot,
  readFolderSaves,
  readTimedSaves,
} from '../../graph-data/index.ts';
import { buildGraph } from '../../engine/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';

test('readFolderSaves returns the saves of a data folder with times, numbered as in its snapshots', async () => {
  const folder = temporaryDataFolder();
  const rows = [
    { user: 'anna', board: 'a1', pin: 'x', savedAt: 1_000, weight: 4 },
    { user: 'anna', board: 'a2', pin: 'y', savedAt: 3_000, weight: 2 },
    { user: 'ben', board: 'b', pin: 'x', savedAt: NaN, weight: NaN },
  ];
  await importRows(folder, [{ name: 'test', rows: [rows] }]);
  const writer = SaveWriter.open(folder, { busyMs: 0 });
  const saveAndRemove = [
    { kind: 'save', user: 'ben', board: 'b', pin: 'z' },
    { kind: 'removePin', key: 'z' },
  ] as const;
  writer.apply([{ changes: saveAndRemove, time: 0 }]);
  writer.close();
  const saves = readFolderSaves(folder);
  expect([...saves.savedAt]).toEqual([1_000, 3_000, NaN]);
  const { version } = await buildSnapshot(folder, () => 0);
  expect(buildGraph(saves)).toEqual(loadSnapshot(folder, version).graph);
  expect([...readFolderSaves(folder, 3).pins]).toEqual([0]);
  expect(() => readFolderSaves(folder, 5)).toThrow(expect.objectContaining({ code: 'split-unusable' }));
});

test('readFolderSaves refuses an empty data folder and names the remedy', () => {
  expect(() => readFolderSaves(temporaryDataFolder())).toThrow(/contains no such saves: import a file first/);
});

test('readTimedSaves returns times, and the first row of a repeated pair', async () => {
  const file = writeInput(
    temporaryDataFolder(),
    'saves.tsv',
    'user\tpin\tsavedAt\na\tx\t2020-01-01\nb\tx\t\na\tx\t2021-01-01\na\ty\t2022-01-01\n',
  );
  const saves = await readTimedSaves(file);
  expect([...saves.boards]).toEqual([0, 1, 0]);
  expect([...saves.pins]).toEqual([0, 0, 1]);
  expect([...saves.savedAt]).toEqual([Date.UTC(2020, 0), NaN, Date.UTC(2022, 0)]);
});

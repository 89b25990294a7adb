import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  FolderNames,
  SaveWriter,
  type SplitNames,
  importFiles,
  importRows,
  readFolderSaves,
  readSplit,
  readTimedSaves,
} from '../../graph-data/index.ts';
import { type TimedSaves, neighborsOf, nodeCount } from '../../engine/index.ts';
import { temporaryDataFolder, writeInput } from '../data-folders.ts';

/** Saves as "board pin savedAt", in order of their numbers. */
const namedSaves = ({ boards, pins, savedAt }: TimedSaves, names: SplitNames): string[] =>
  [...boards.keys()]
    .toSorted((a, b) => boards[a]! - boards[b]! || pins[a]! - pins[b]!)
    .map((i) => `${names.board(boards[i]!).key} ${names.pin(pins[i]!).key} ${savedAt[i]}`);

/** Rows with repeated saves, with and without times and weights; keys sort differently in UTF-16 and UTF-8. */
const keys = fc.constantFrom('1', '2', '10', 'a', 'é', '\uffee', '😀');
const someRows = fc.array(
  fc.tuple(
    keys,
    keys,
    fc.constantFrom('', '2020-01-01', '2021-01-01', '2022-01-01'),
    fc.constantFrom('', '1', '4', '5'),
  ),
  { minLength: 12, maxLength: 40 },
);
const someShuffledRows = someRows.chain((rows) =>
  fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
);
const textOf = (rows: readonly (readonly string[])[]): string =>
  ['user\tpin\tsavedAt\tweight', ...rows.map((row) => row.join('\t')), ''].join('\n');

test('the order of rows changes neither the saves of a file, nor those of a folder filled from it, nor their numbers', async () => {
  await fc.assert(
    fc.asyncProperty(someShuffledRows, async ([rows, shuffled]) => {
      const folder = temporaryDataFolder();
      const [one, other] = [rows, shuffled].map((each, i) => writeInput(folder, `${i}.tsv`, textOf(each)));
      const read = await readTimedSaves(one!);
      const expected = namedSaves(read, read.names);
      expect(new Set(rows.map(([user, pin]) => `${user} ${pin}`)).size).toBe(expected.length);
      const again = await readTimedSaves(other!);
      expect(namedSaves(again, again.names)).toEqual(expected);
      await importFiles(folder, [other!]);
      const stored = readFolderSaves(folder);
      using names = new FolderNames(folder, stored);
      expect(namedSaves(stored, names)).toEqual(expected);
      expect([stored.pinCount, stored.userCount]).toEqual([read.pinCount, read.userCount]);
    }),
    { numRuns: 12 },
  );
});

test('the order of rows does not change a split given as two files', async () => {
  await fc.assert(
    fc.asyncProperty(
      someShuffledRows,
      someShuffledRows,
      async ([train, trainShuffled], [found, foundShuffled]) => {
        const folder = temporaryDataFolder();
        const file = (name: string, rows: readonly (readonly string[])[]): string =>
          writeInput(folder, name, textOf(rows));
        const { names, ...split } = await readSplit(file('a', train), file('b', found));
        const { names: others, ...again } = await readSplit(
          file('c', trainShuffled),
          file('d', foundShuffled),
        );
        expect(again).toEqual(split);
        const count = nodeCount(split.heldOut);
        for (let board = 0; board < count; board++) {
          expect(others.board(board)).toEqual(names.board(board));
          const pins = [...neighborsOf(split.heldOut, board)];
          expect(pins.map((pin) => others.pin(pin))).toEqual(pins.map((pin) => names.pin(pin)));
        }
      },
    ),
    { numRuns: 15 },
  );
});

test('boards of a file belong to their users, as in a folder filled from it, in any order of rows', async () => {
  const rows = ['ben,b10,x', 'ann,b9,x', 'ann,b9,y', 'ben,b2,z', 'ann,ann,x'];
  const folder = temporaryDataFolder();
  const write = (name: string, some: readonly string[]): string =>
    writeInput(folder, name, ['user,board,pin', ...some, ''].join('\n'));
  const [one, other] = [write('one.csv', rows), write('other.csv', rows.toReversed())];
  await importFiles(folder, [one]);
  // By key: the users ann and ben, the boards b2, b9, ann and b10.
  const expected = { userCount: 2, boardToUser: Int32Array.from([1, 0, 0, 1]) };
  for (const { userCount, boardToUser } of [
    await readTimedSaves(one),
    await readTimedSaves(other),
    readFolderSaves(folder),
  ]) {
    expect({ userCount, boardToUser: Int32Array.from(boardToUser) }).toEqual(expected);
  }
  const { train } = await readSplit(one, write('test.csv', ['cid,c,x', 'ben,b2,y']));
  expect({ userCount: train.userCount, boardToUser: Int32Array.from(train.boardToUser) }).toEqual(expected);
  const shared = write('shared.csv', [...rows, 'ben,b9,z']);
  await expect(readTimedSaves(shared)).rejects.toThrow(
    /board "b9" belongs to several users: --columns user,-,pin/,
  );
});

test('readFolderSaves returns the saves of a data folder with times and owners, without nodes that have none', async () => {
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
  using names = new FolderNames(folder, saves);
  expect(namedSaves(saves, names)).toEqual(['b x NaN', 'a1 x 1000', 'a2 y 3000']);
  expect([...saves.boardToUser]).toEqual([0, 1, 1]);
  expect([saves.pinCount, saves.userCount]).toEqual([2, 2]);
  const heavy = readFolderSaves(folder, 3);
  using heavyNames = new FolderNames(folder, heavy);
  expect(namedSaves(heavy, heavyNames)).toEqual(['a1 x 1000']);
  expect(() => readFolderSaves(folder, 5)).toThrow(expect.objectContaining({ code: 'split-unusable' }));
});

test('readFolderSaves refuses an empty data folder and names the remedy', () => {
  expect(() => readFolderSaves(temporaryDataFolder())).toThrow(/contains no such saves: import a file first/);
});

test('readTimedSaves returns times, and of a repeated pair the earliest, which the minimum weight is for', async () => {
  const rows = ['b\tx\t\t5', 'a\tx\t2021-01-01\t5', 'a\tx\t2020-01-01\t2', 'a\ty\t2022-01-01\t5'];
  const header = 'user\tpin\tsavedAt\tweight';
  const file = writeInput(temporaryDataFolder(), 'saves.tsv', `${[header, ...rows].join('\n')}\n`);
  const all = await readTimedSaves(file);
  expect(namedSaves(all, all.names)).toEqual([
    `a x ${Date.UTC(2020, 0)}`,
    `a y ${Date.UTC(2022, 0)}`,
    'b x NaN',
  ]);
  const heavy = await readTimedSaves(file, { weightMin: 5 });
  expect(namedSaves(heavy, heavy.names)).toEqual([`a y ${Date.UTC(2022, 0)}`, 'b x NaN']);
});

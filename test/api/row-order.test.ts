import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import {
  type Report,
  type SplitInput,
  evaluateAll,
  namedSettings,
  readNamedSplits,
  readNestedSplits,
} from '../../api/offline/evaluate/index.ts';
import { nextBelow, randomStream } from '../../engine/index.ts';
import { temporaryFolder } from '../data-folders.ts';

const folder = temporaryFolder(afterAll);

/** 200 saves, with repeats, of 14 users: three moments, so that most users have a tie. */
const random = randomStream(3);
const rows = Array.from({ length: 200 }, () => {
  const [user, pin, day] = [nextBelow(random, 14), nextBelow(random, 40), nextBelow(random, 3)];
  return `u${user},p${pin},2026-01-0${day + 1}`;
});
const shuffles = fc.shuffledSubarray(rows, { minLength: rows.length });

const write = (name: string, some: readonly string[]): string => {
  const file = path.join(folder, name);
  writeFileSync(file, ['user,pin,savedAt', ...some, ''].join('\n'));
  return file;
};
const file = write('saves.csv', rows);

const splitOptions: readonly SplitInput[] = [
  { leaveLastOut: true },
  { holdOutLatest: 0.2 },
  { holdOutAfter: '2026-01-03' },
  { holdOut: 0.2 },
  { folds: 2 },
];

const splitsOf = async (train: string, option: SplitInput) => {
  using named = await readNamedSplits({ train, ...option }, 7, () => {});
  return { splits: named.splits, firstUser: named.names.board(0), lastPin: named.names.pin(39) };
};

const nestedSplitsOf = async (train: string, option: SplitInput) => {
  using named = await readNestedSplits({ train, leaveLastOut: true }, option, 7, () => {});
  return { test: named.test, validation: named.validation };
};

test.each(splitOptions)('any order of rows gives the same split by %j, to the byte', async (option) => {
  const expected = await splitsOf(file, option);
  const nested = await nestedSplitsOf(file, option);
  await fc.assert(
    fc.asyncProperty(shuffles, async (shuffled) => {
      const other = write('shuffled.csv', shuffled);
      expect(await splitsOf(other, option)).toEqual(expected);
      expect(await nestedSplitsOf(other, option)).toEqual(nested);
    }),
    { numRuns: 5 },
  );
});

test('any order of rows gives the same metrics of every algorithm', async () => {
  const names = ['feed', 'paths', 'ppr', 'itemknn', 'popular'];
  const reportOf = async (train: string): Promise<unknown> => {
    using named = await readNamedSplits({ train, leaveLastOut: true }, 7, () => {});
    const settings = names.map((name) => namedSettings(name, new Map())!);
    const options = {
      k: 5,
      randomSeed: 7,
      threads: 1,
      queryPins: 3,
      users: 10,
      negatives: 12,
      resamples: 100,
    };
    return withoutTimes(await evaluateAll(named.splits, settings, options));
  };
  const expected = await reportOf(file);
  const [shuffled] = fc.sample(shuffles, { numRuns: 1, seed: 5 });
  expect(await reportOf(write('shuffled.csv', shuffled!))).toEqual(expected);
});

function withoutTimes({ results, ...report }: Report): unknown {
  const noTimes = { seconds: 0, msPerQueryP50: 0, msPerQueryP99: 0 };
  return { ...report, results: results.map((each) => Object.assign({}, each, noTimes)) };
}

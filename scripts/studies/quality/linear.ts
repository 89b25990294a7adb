import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Report, evaluateAll } from '../../../api/index.ts';
import { type LinearBuildParams, type SaveSplit, presets, splitSaves } from '../../../engine/index.ts';
import { readGraph, readSplit } from '../../../graph-data/index.ts';
import { print } from '../../output.ts';
import { readSets } from './sets.ts';

/**
 * Prints the table of docs/quality.md#linear: `npm run quality:linear -- FOLDER [SET …]`. The build parameters and the
 * popularity discount of `linear` are chosen on the validation part, by recall, then measured beside `feed` on the test part.
 */
const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('no folder of data sets: npm run quality:linear -- FOLDER [SET …]');

const validationUsers = 1_500;
const testUsers = Number(process.env['PINWALK_TEST_USERS'] ?? Infinity);
const options = { k: 20, randomSeed: 1, queryPins: Infinity, threads: availableParallelism() };

/** EASE with the λ of its paper's range, then more and more dropout. */
const grid: readonly Partial<LinearBuildParams>[] = [
  { ridge: 200, dropout: 0 },
  { ridge: 100, dropout: 0.5 },
  { ridge: 30, dropout: 0.5 },
  { ridge: 30, dropout: 0.8 },
];
const discounts = [0, 0.1, 0.2];
const linearWith = (popularityDiscount: number) => ({
  name: `linear, z ${popularityDiscount}`,
  algorithm: 'linear' as const,
  params: { popularityDiscount },
});

const sets = [...(await readSets(folder)), ...(await moreSets(folder))];
print(
  '| set | chosen on validation | `linear`, recall | NDCG | `feed`, recall | NDCG | difference, recall | NDCG |',
);
print('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const { name, test, validation } of sets) {
  if (names.length > 0 && !names.includes(name)) continue;
  let best = { recall: -1, linear: grid[0]!, discount: 0 };
  for (const linear of grid) {
    const { results } = await measure(validation, linear, discounts.map(linearWith), validationUsers, 100);
    for (const [i, { recall, ndcg }] of results.entries()) {
      process.stderr.write(
        `${name} ${JSON.stringify(linear)} z ${discounts[i]} ${recall.toFixed(4)} ${ndcg.toFixed(4)}\n`,
      );
      if (recall > best.recall) best = { recall, linear, discount: discounts[i]! };
    }
  }
  const settings = [linearWith(best.discount), { name: 'feed', ...presets.feed }];
  const report = await measure(test, best.linear, settings, testUsers, 2_000);
  const chosen = JSON.stringify({ ...best.linear, popularityDiscount: best.discount });
  print(`| ${[name, `\`${chosen}\``, ...cellsOf(report)].join(' | ')} |`);
}

async function measure(
  split: SaveSplit,
  linear: Partial<LinearBuildParams>,
  settings: Parameters<typeof evaluateAll>[1],
  usersMax: number,
  resamples: number,
): Promise<Report> {
  return evaluateAll([split], settings, { ...options, linear, usersMax, resamples });
}

function cellsOf({ results, differences }: Report): string[] {
  return [
    ...results.flatMap(({ recall, ndcg, intervals }) => [
      `${recall.toFixed(4)} ${interval(intervals.recall)}`,
      `${ndcg.toFixed(4)} ${interval(intervals.ndcg)}`,
    ]),
    ...(['recall', 'ndcg'] as const).map((metric) => {
      const { mean, interval: of } = differences.find((each) => each.metric === metric)!;
      return `${mean.toFixed(4)} ${interval(of)}`;
    }),
  ];
}

function interval({ low, high }: { readonly low: number; readonly high: number }): string {
  return `[${low.toFixed(4)}, ${high.toFixed(4)}]`;
}

/** Sets that the other tables do not have. */
async function moreSets(root: string): Promise<Awaited<ReturnType<typeof readSets>>> {
  const more: Awaited<ReturnType<typeof readSets>> = [];
  const add = (name: string, split: string, test: SaveSplit): void => {
    more.push({ name, split, test, validation: splitSaves(test.train, 0.1, 1) });
  };
  const lastfm = path.join(root, 'lastfm-tags', 'saves.tsv.gz');
  if (existsSync(lastfm)) {
    // The boards of a user together: artists that the user has tagged.
    const graph = await readGraph(lastfm, { columns: ['user', 'skip', 'pin', 'savedAt'], skip: 1 });
    add('lastfm-users', '20 % of the saves, seed 1', splitSaves(graph, 0.2, 1));
  }
  const yelp = path.join(root, 'yelp2018');
  if (existsSync(yelp)) {
    const [train, test] = ['train', 'test'].map((part) => path.join(yelp, `${part}.tsv.gz`));
    add('yelp2018', 'published', await readSplit(train!, test!));
  }
  return more;
}

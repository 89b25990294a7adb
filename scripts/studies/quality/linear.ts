import { availableParallelism } from 'node:os';
import { type Report, evaluateAll } from '../../../api/offline/evaluate/index.ts';
import { presets } from '../../../engine/index.ts';
import { print } from '../../output.ts';
import { readSets } from './sets.ts';

/**
 * Prints the table of docs/quality.md#item-weights: `npm run quality:linear -- FOLDER [SET …]`. Chooses the `linearShare` of
 * `feed-exact` on the validation part, by NDCG; then measures that and `linear` beside `feed-exact` on the test part. Item
 * weights of K = 100, otherwise with their defaults.
 */
const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('no folder of data sets: npm run quality:linear -- FOLDER [SET …]');

const validationUsers = 800;
const testUsers = Number(process.env['PINWALK_TEST_USERS'] ?? Infinity);
const linear = { neighborsMax: 100 };
const options = { k: 20, randomSeed: 1, queryPins: Infinity, threads: availableParallelism(), linear };

const exact = presets['feed-exact'];
const blends = [0, 0.3, 0.5, 0.7].map((linearShare) => ({
  name: `\`feed-exact\`, linearShare ${linearShare}`,
  algorithm: exact.algorithm,
  params: { ...exact.params, linearShare },
}));
const alone = { name: '`linear`', algorithm: 'linear' as const, params: {} };

row('set', 'chosen on validation', 'recall', 'NDCG', 'recall − `feed-exact`', 'NDCG − `feed-exact`');
row(...Array.from({ length: 6 }, () => '---'));
const all = [
  'movielens-small',
  'lastfm-users',
  'lastfm-tags',
  'spotify-lists',
  'pinterest',
  'gowalla',
  'yelp2018',
];
for (const name of names.length > 0 ? names : all) {
  for (const { test, validation } of await readSets(folder, [name])) {
    const tried = await evaluateAll([validation], blends, {
      ...options,
      usersMax: validationUsers,
      resamples: 100,
    });
    process.stderr.write(`${name} ${tried.results.map(({ ndcg }) => ndcg.toFixed(4)).join(' ')}\n`);
    const best = Math.max(...tried.results.map(({ ndcg }) => ndcg));
    const chosen = blends[tried.results.findIndex(({ ndcg }) => ndcg === best)]!;
    const settings = chosen === blends[0] ? [blends[0], alone] : [blends[0]!, chosen, alone];
    const { results, differences } = await evaluateAll([test], settings, {
      ...options,
      usersMax: testUsers,
      resamples: 2_000,
    });
    for (const [i, result] of results.entries()) {
      row(
        name,
        settings[i]!.name,
        ...figuresOf(result),
        ...(i === 0 ? ['', ''] : differencesTo(result.name, differences)),
      );
    }
  }
}

function figuresOf({ recall, ndcg, intervals }: Report['results'][number]): string[] {
  return [
    `${recall.toFixed(4)} ${interval(intervals.recall)}`,
    `${ndcg.toFixed(4)} ${interval(intervals.ndcg)}`,
  ];
}

/** Of a setting minus the first: pairs are reported as the first minus the other. */
function differencesTo(name: string, differences: Report['differences']): string[] {
  return (['recall', 'ndcg'] as const).map((metric) => {
    const { mean, interval: of } = differences.find((each) => each.b === name && each.metric === metric)!;
    return `${(-mean).toFixed(4)} ${interval({ low: -of.high, high: -of.low })}`;
  });
}

function row(...cells: readonly string[]): void {
  print(`| ${cells.join(' | ')} |`);
}

function interval({ low, high }: { readonly low: number; readonly high: number }): string {
  return `[${low.toFixed(4)}, ${high.toFixed(4)}]`;
}

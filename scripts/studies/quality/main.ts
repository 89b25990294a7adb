import { availableParallelism } from 'node:os';
import {
  type AlgorithmName,
  type Params,
  type SaveSplit,
  nodeCount,
  presets,
  saveCount,
} from '../../../engine/index.ts';
import { type Evaluation, evaluateOne } from '../../../api/offline/evaluate/index.ts';
import { print, thousands } from '../../output.ts';
import { type QualitySet, readSets } from './sets.ts';

/**
 * Prints the tables of docs/quality.md as Markdown: `npm run quality -- FOLDER [SET …]`. Takes about 40 minutes on two
 * cores for all sets. FOLDER contains the published data sets; missing ones are skipped.
 */
const k = 20;
const validationUsers = 1_500;
/** Number of users in rows marked with a dagger. */
const someUsers = 5_000;
const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('no folder of data sets: npm run quality -- FOLDER [SET …]');
const sets = await readSets(folder, names.length === 0 ? undefined : names);
if (sets.length === 0) throw new Error(`${folder} contains none of the data sets`);

const measure = async (
  split: SaveSplit,
  algorithm: AlgorithmName,
  params: Params,
  options: { usersMax?: number; queryPins?: number } = {},
): Promise<Evaluation> => {
  const threads = availableParallelism();
  const { evaluation: result } = await evaluateOne(
    [split],
    { name: algorithm, algorithm, params },
    {
      k,
      randomSeed: 1,
      threads,
      queryPins: Infinity,
      ...options,
    },
  );
  process.stderr.write(
    `${algorithm} ${JSON.stringify(params)} ${quality(result)} ${result.seconds.toFixed(1)} s\n`,
  );
  return result;
};

print('### Data sets\n');
row('set', 'split', 'users', 'pins', 'saves in train');
row('---', '---', '---:', '---:', '---:');
for (const { name, split, test } of sets) {
  const { pinToBoard, boardToPin } = test.train;
  const counts = [nodeCount(boardToPin), nodeCount(pinToBoard), saveCount(test.train)];
  row(name, split, ...counts.map(thousands));
}

print(
  `\n### All algorithms on all sets: test part, all users; rows with † use ${thousands(someUsers)} random users\n`,
);
header(sets);
const rows: (readonly [string, AlgorithmName, Params])[] = [
  ['`popular`', 'popular', {}],
  ['`itemknn`, defaults †', 'itemknn', {}],
  ['`itemknn`, 200 neighbors, shrinkage 50 †', 'itemknn', { neighborsMax: 200, shrinkage: 50 }],
  ["`pixie`, the paper's defaults †", 'pixie', {}],
  ['`ppr` †', 'ppr', { residualMax: 1e-4 }],
  ['`paths`, no parameter', 'paths', {}],
  ['`paths`, x 0.8, z 0.1 †', 'paths', { x: 0.8, z: 0.1 }],
  ['`feed`', 'pixie', presets.feed.params],
  ['`feed-exact`', 'paths', presets['feed-exact'].params],
];
const results = new Map<string, Evaluation[]>();
for (const [title, algorithm, params] of rows) {
  const each: Evaluation[] = [];
  const usersMax = title.endsWith('†') ? someUsers : Infinity;
  for (const { test } of sets) each.push(await measure(test, algorithm, params, { usersMax }));
  results.set(title, each);
  row(title, ...each.map(quality));
}
const walks = results.get('`feed`')!;
const exact = results.get('`feed-exact`')!;
row(
  '`feed` against `feed-exact`',
  ...walks.map(
    (each, i) => `${percent(each.recall / exact[i]!.recall)} / ${percent(each.ndcg / exact[i]!.ndcg)}`,
  ),
);
print('\nLatency of these two, ms per query, p50 / p99:\n');
header(sets);
row('`feed`', ...walks.map(times));
row('`feed-exact`', ...exact.map(times));

print(`\n### Parameters of \`paths\`: validation part, ${thousands(validationUsers)} users per set\n`);
const grid: Params[] = [];
for (const boardSharpening of [0, 0.3, 0.5]) {
  for (const sharpening of [0.5, 1]) {
    for (const z of [0.1, 0.2])
      grid.push({ ...presets['feed-exact'].params, boardSharpening, sharpening, z });
  }
}
grid.push(presets['feed-exact'].params, {});
header(sets, 'boardSharpening, sharpening, z');
const chosen = await Promise.all(sets.map(async () => ({ params: grid[0]!, recall: 0 })));
for (const params of grid) {
  const each: Evaluation[] = [];
  for (const [i, { validation }] of sets.entries()) {
    const result = await measure(validation, 'paths', params, { usersMax: validationUsers });
    each.push(result);
    if (result.recall > chosen[i]!.recall) chosen[i] = { params, recall: result.recall };
  }
  row(settingOf(params), ...each.map(quality));
}
print('\nThe best of these for each set, on its test part:\n');
header(sets);
const onTest: Evaluation[] = [];
for (const [i, { test }] of sets.entries()) onTest.push(await measure(test, 'paths', chosen[i]!.params));
row('chosen', ...chosen.map(({ params }) => settingOf(params)));
row('test', ...onTest.map(quality));

const gowalla = sets.find(({ name }) => name === 'gowalla');
if (gowalla !== undefined) {
  print('\n### Gowalla, parameters chosen ON THE TEST PART, as in the papers\n');
  row('parameters of `paths`', 'Recall@20 / NDCG@20');
  row('---', '---:');
  for (const given of [
    { boardSharpening: 0.5, sharpening: 0.8, z: 0.15 },
    { boardSharpening: 0.8, sharpening: 1, z: 0.1 },
    { boardSharpening: 0.8, sharpening: 0.8, z: 0.1, boardShrinkage: 25, pinShrinkage: 0 },
    { boardSharpening: 1, sharpening: 0.8, z: 0.1, boardShrinkage: 25, pinShrinkage: 0 },
  ]) {
    row(
      `\`${JSON.stringify(given)}\``,
      quality(await measure(gowalla.test, 'paths', { ...presets['feed-exact'].params, ...given })),
    );
  }
  const sampled = {
    ...presets.feed.params,
    boardSharpening: 0.8,
    sharpening: 0.8,
    boardShrinkage: 25,
    pinShrinkage: 0,
    popularityDiscount: 0.1,
  };
  row('`pixie`, the parameters of the third row', quality(await measure(gowalla.test, 'pixie', sampled)));
}

print('\n### `ideas` beside `feed` by number of query pins: validation part\n');
header(sets, 'preset, query pins');
for (const queryPins of [8, Infinity]) {
  for (const name of ['ideas', 'feed'] as const) {
    const each: Evaluation[] = [];
    for (const { validation } of sets) {
      const options = { usersMax: validationUsers, queryPins };
      each.push(await measure(validation, presets[name].algorithm, presets[name].params, options));
    }
    row(`\`${name}\`, ${queryPins === Infinity ? 'all' : queryPins}`, ...each.map(quality));
  }
}

function header(of: readonly QualitySet[], first = ''): void {
  row(first, ...of.map(({ name }) => name));
  row('---', ...of.map(() => '---:'));
}

function quality({ recall, ndcg }: Evaluation): string {
  return `${recall.toFixed(4)} / ${ndcg.toFixed(4)}`;
}

function times({ msPerQueryP50, msPerQueryP99 }: Evaluation): string {
  return `${msPerQueryP50.toFixed(1)} / ${msPerQueryP99.toFixed(1)}`;
}

function settingOf(params: Params): string {
  const { boardSharpening, sharpening, z } = params;
  return sharpening === undefined
    ? 'no parameters'
    : `${String(boardSharpening)}, ${String(sharpening)}, ${String(z)}`;
}

function percent(share: number): string {
  return `${(100 * (share - 1)).toFixed(1)} %`;
}

function row(...cells: readonly string[]): void {
  print(`| ${cells.join(' | ')} |`);
}

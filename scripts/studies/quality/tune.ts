import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { tunePresets, tunedSettings } from '../../../api/offline/tune-presets/index.ts';
import { EvaluationPool, evaluatedBoards, recommendListsOf } from '../../../api/offline/evaluate/index.ts';
import {
  type AccuracyByBoard,
  type SaveSplit,
  type TimedSaves,
  accuracyOf,
  linearBuildParams,
  meanOf,
  pairsOf,
  percentileInterval,
  presets,
  resampledMeans,
  resolveParams,
  resolvePipeline,
  splitLatestOfUsers,
  splitSaves,
} from '../../../engine/index.ts';
import { readGraph, readTimedSaves } from '../../../graph-data/index.ts';
import { print } from '../../output.ts';
import { readSets } from './sets.ts';

/**
 * Prints the tables of docs/tune.md: `npm run quality:tune -- FOLDER [SET …]`. `feed` is tuned on the train part alone, then it
 * and the chosen settings are measured once on the test part, all users. `PINWALK_TUNE_SECONDS` is the budget (default 120); no
 * clock ends it, so that the table is the same on a busy machine. `PINWALK_TUNE_WEIGHTS=1` computes item weights, and tunes
 * `linearShare` too, as on a snapshot that has them; `PINWALK_TUNE_EXACT=1` offers exact scores, as `pinwalk tune --exact`.
 */
const [folder, ...names] = process.argv.slice(2);
if (folder === undefined) throw new Error('no folder of data sets: npm run quality:tune -- FOLDER [SET …]');
const seconds = Number(process.env['PINWALK_TUNE_SECONDS'] ?? 120);
const threads = availableParallelism();
const resamples = 2_000;
const allNames = [
  'gowalla',
  'yelp2018',
  'pinterest',
  'lastfm-tags',
  'spotify-lists',
  'movielens-small',
  'citeulike',
  'movielens-by-time',
];
const linear = process.env['PINWALK_TUNE_WEIGHTS'] === '1' ? resolveParams(linearBuildParams, {}) : undefined;

const exact = process.env['PINWALK_TUNE_EXACT'] === '1';

const pool = new EvaluationPool(threads, linear);
print(
  '| set | tuning, CPU | chosen | confirmed, NDCG | `feed`: Recall@20 / NDCG@20 | tuned | difference: recall, NDCG |',
);
print('| --- | ---: | --- | --- | ---: | ---: | --- |');
for (const [name, test] of await allSets(folder)) {
  const before = process.cpuUsage();
  const options = {
    presets: ['feed'] as const,
    seconds,
    randomSeed: 1,
    threads,
    linear,
    exact,
    now: () => 0,
  };
  const [feed] = (await tunePresets(savesOf(test), options)).results;
  const { user, system } = process.cpuUsage(before);
  const { changes, confirmation, outcome, users, isExact, attempts } = feed!;
  process.stderr.write(
    `${name}: ${JSON.stringify({ outcome, changes, isExact, users, confirmation, attempts })}\n`,
  );
  const cpu = `${Math.round((user + system) / 1e6)} s`;
  const confirmed = confirmation === null ? '–' : intervalOf(confirmation.ndcg);
  if (outcome === 'default') {
    print(`| ${[name, cpu, 'the default', confirmed, '', 'the same', '–'].join(' | ')} |`);
    continue;
  }
  const settings = [presets.feed, tunedSettings(presets.feed, changes, isExact)];
  const [boards] = evaluatedBoards([test], { randomSeed: 1 });
  const pipelines = settings.map((each) => resolvePipeline(each));
  const all = { k: 20, randomSeed: 1, queryPins: Infinity, threads, pool };
  const lists = await recommendListsOf(test, boards!, pipelines, all);
  const [byDefault, tuned] = lists.map((each) => accuracyOf(each, test.heldOut));
  const differences = (['recall', 'ndcg'] as const).map((metric) =>
    withInterval(tuned![metric].map((value, i) => value - byDefault![metric][i]!)),
  );
  const measured = [quality(byDefault!), quality(tuned!), differences.join(', ')];
  const chosen = `${isExact ? 'exact scores, ' : ''}\`${JSON.stringify(changes)}\``;
  print(`| ${[name, cpu, chosen, confirmed, ...measured].join(' | ')} |`);
}
await pool.destroy();

function intervalOf({
  difference,
  interval,
}: {
  difference: number;
  interval: { low: number; high: number };
}): string {
  return `${difference.toFixed(4)} [${interval.low.toFixed(4)}, ${interval.high.toFixed(4)}]`;
}

function quality({ recall, ndcg }: AccuracyByBoard): string {
  return `${meanOf(recall).toFixed(4)} / ${meanOf(ndcg).toFixed(4)}`;
}

function withInterval(differences: Float64Array): string {
  const [means] = resampledMeans([differences], resamples, 1);
  return intervalOf({ difference: meanOf(differences), interval: percentileInterval(means!, 0.95) });
}

/** The train part as saves, which tuning splits again. */
function savesOf({ train, savedAt }: SaveSplit): TimedSaves {
  const pairs = pairsOf(train);
  return { ...pairs, savedAt: savedAt ?? new Float64Array(pairs.pins.length).fill(NaN) };
}

/** The published sets; CiteULike; MovieLens by time: each user's latest fifth. */
async function allSets(root: string): Promise<(readonly [string, SaveSplit])[]> {
  const wanted = names.length === 0 ? allNames : names;
  const sets: (readonly [string, SaveSplit])[] = (await readSets(root, wanted)).map((set) => [
    set.name,
    set.test,
  ]);
  const cite = path.join(root, 'citeulike', 'saves.tsv.gz');
  if (wanted.includes('citeulike') && existsSync(cite))
    sets.push(['citeulike', splitSaves(await readGraph(cite), 0.2, 1)]);
  const ratings = path.join(root, 'movielens-small', 'ratings.tsv.gz');
  if (wanted.includes('movielens-by-time') && existsSync(ratings)) {
    const columns = ['user', 'pin', 'weight', 'savedAt'];
    const saves = await readTimedSaves(ratings, { columns, weightMin: 4 });
    sets.push(['movielens-by-time', splitLatestOfUsers(saves, 0.2, 1).boards]);
  }
  return sets;
}

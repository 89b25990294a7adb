import path from 'node:path';
import { Command } from 'commander';
import { type Blend, type Walks, defaultBlend } from '../../../api/index.ts';
import { openExistingDataFolder } from '../../../graph-data/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { openCorpus } from './corpus.ts';
import { blends, crossValidated, keysOf, rankingOf } from './judge.ts';
import { printRankings } from './measure.ts';
import { printTimes } from './times.ts';
import { type Task, category, cranfield, knownItem, movies, packages, tags } from './tasks.ts';

interface Options {
  readonly data: string;
  readonly npm?: string;
  readonly queries: number;
  readonly boards: number;
  readonly only?: string;
  readonly served?: boolean;
  readonly times?: boolean;
}

export function searchCommand(): Command {
  return new Command('search')
    .description(
      'NDCG@10 and reciprocal rank of search: judged questions, hidden tags, known items, titles of boards.',
    )
    .requiredOption('--data <folder>', 'folder of the folders cranfield, citeulike and movielens-small')
    .option('--npm <folder>', 'data folder with the npm sample')
    .option('--queries <n>', 'queries of each generated task, at most', integer(10), 200)
    .option('--boards <n>', 'boards of the npm graph, at most', integer(100), 40_000)
    .option('--only <task>', 'one task: cranfield, tags, movies or npm')
    .option('--served', 'only the ranking as served, without and with the walk')
    .option('--times', 'only how long searches take, beside FTS5')
    .action(async ({ data, npm, queries, boards, only, served, times }: Options) => {
      const measure = times === true ? measureTimes : served === true ? measureServed : measureAll;
      const wanted = (name: string): boolean => only === undefined || only === name;
      if (wanted('cranfield')) await measure('Cranfield', cranfield(path.join(data, 'cranfield')), false);
      if (wanted('tags'))
        await measure('Hidden tags, citeulike', tags(path.join(data, 'citeulike'), queries), true);
      if (wanted('movies')) {
        const set = movies(path.join(data, 'movielens-small'));
        await measure('Known item with a typo, movies', knownItem(set, queries), true);
        await measure('Titles of boards, movies', category(set, queries), true);
      }
      if (npm !== undefined && wanted('npm')) {
        const set = packages(openExistingDataFolder(npm), boards);
        await measure('Known item with a typo, npm', knownItem(set, queries), true);
        await measure('Titles of boards, npm', category(set, queries), true);
      }
    });
}

/** The gain of the walk over the ranking as served. */
async function measureServed(title: string, { pins, boards, queries }: Task): Promise<void> {
  using corpus = await openCorpus(pins, boards);
  const find = (walks?: Walks) => async (text: string) => keysOf(await corpus.search(text, undefined, walks));
  printRankings(title, [
    await rankingOf('as served', queries, find()),
    await rankingOf('as served, expand', queries, find(corpus.walks)),
  ]);
}

async function measureTimes(title: string, { pins, boards, queries }: Task): Promise<void> {
  using corpus = await openCorpus(pins, boards);
  await printTimes(
    title,
    corpus,
    queries.map(({ text }) => text),
  );
}

async function measureAll(title: string, { pins, boards, queries }: Task, hasWalk: boolean): Promise<void> {
  using corpus = await openCorpus(pins, boards);
  const search = async (text: string, blend?: Blend, walks = {}): Promise<string[]> =>
    keysOf(await corpus.search(text, blend, walks));
  const words = { ...defaultBlend, content: 0, popularity: 0 };
  const without = blends.filter(({ walk }) => walk === 0);
  const offered = hasWalk ? without : without.filter(({ popularity }) => popularity === 0);
  const blended = await crossValidated(corpus, queries, offered, false);
  const walked = hasWalk ? await crossValidated(corpus, queries, blends, true) : undefined;
  const preset = await rankingOf('preset weights', queries, async (text) => search(text, defaultBlend));
  const served = await rankingOf('as served', queries, async (text) => search(text));
  const rankings = [
    await rankingOf('FTS5, unicode61', queries, corpus.plain),
    await rankingOf('FTS5, porter, title × 4', queries, corpus.porter),
    await rankingOf('BM25F', queries, async (text) => search(text, words)),
    blended.ranking,
    ...(walked ? [{ ...walked.ranking, name: 'blend and walk, cross-validated' }] : []),
    preset,
    served,
    ...(walked
      ? [await rankingOf('as served, expand', queries, async (text) => search(text, undefined, corpus.walks))]
      : []),
  ];
  printRankings(title, rankings);
  if (walked)
    printRankings(`${title}: what the walk adds`, [
      blended.ranking,
      { ...walked.ranking, name: 'blend and walk' },
    ]);
  printRankings(`${title}: what the weights of the corpus change`, [preset, served]);
  const { blend = defaultBlend } = await corpus.search(queries[0]!.text);
  print(`As served: ${textOf(blend)}`);
  print(`Chosen: ${[...new Set([...blended.chosen, ...(walked?.chosen ?? [])].map(textOf))].join(' | ')}\n`);
}

function textOf({ content, popularity, walk }: Blend): string {
  return `content ${content}, popularity ${popularity}, walk ${walk}`;
}

import { rmSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { defaultBlend } from '../../../api/index.ts';
import {
  type JudgedSearch,
  type RandomStream,
  type SignalWeights,
  chooseWeights,
  nextBelow,
  nextUnit,
  randomStream,
} from '../../../engine/index.ts';
import {
  type Interaction,
  InteractionWriter,
  type SearchIndex,
  buildSearchIndex,
  clickSearches,
  interactionsFolder,
  positionBias,
} from '../../../graph-data/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { type Corpus, openCorpus } from '../search/corpus.ts';
import { type JudgedQuery, keysOf, rankingOf } from '../search/judge.ts';
import { type Ranking, printRankings } from '../search/measure.ts';
import { cranfield } from '../search/tasks.ts';

interface Options {
  readonly data: string;
  readonly searches: number;
  readonly runs: number;
}

/** What ranked the lists that people saw: words alone. */
const logged: SignalWeights = { content: 0, popularity: 0 };
const arm = 'shuffled';
const shuffledShare = 0.1;
const listLength = 20;
const people = 400;
/** A rank is looked at with probability 1 / rank; these are the click rates of seen pins, relevant or not. */
const clickRates = { relevant: 0.8, other: 0.05 };
const start = Date.UTC(2026, 9, 1);

export function searchClicksCommand(): Command {
  return new Command('search-clicks')
    .description(
      'Weights of search from simulated clicks: with position bias taken out, and with clicks as they are.',
    )
    .requiredOption('--data <folder>', 'folder of the folder cranfield')
    .option('--searches <n>', 'searches of a run', integer(100), 4_000)
    .option('--runs <n>', 'runs, each with clicks of its own', integer(1), 10)
    .action(async ({ data, searches, runs }: Options) => {
      const { pins, boards, queries } = cranfield(path.join(data, 'cranfield'));
      using corpus = await openCorpus(pins, boards);
      const trained = queries.filter((_, i) => i % 2 === 0);
      const judged = queries.filter((_, i) => i % 2 === 1);
      const lists = await listsOf(corpus, trained);
      const index = (await buildSearchIndex(corpus.folder, corpus.graph.snapshot.graph))!;
      const chosen = { naive: [] as SignalWeights[], debiased: [] as SignalWeights[] };
      for (let run = 1; run <= runs; run++) {
        writeLog(corpus, simulate(trained, lists, searches, randomStream(run)));
        const { naive, debiased } = await learn(corpus, index);
        chosen.naive.push(naive);
        chosen.debiased.push(debiased);
        print(`run ${run}: naive ${textOf(naive)} | debiased ${textOf(debiased)}`);
        rmSync(interactionsFolder(corpus.folder), { recursive: true, force: true });
      }
      const rankings = [
        await averaged('as logged: words alone', corpus, judged, [logged]),
        await averaged('clicks as they are', corpus, judged, chosen.naive),
        await averaged('clicks by position', corpus, judged, chosen.debiased),
      ];
      print('');
      printRankings(`Questions without clicks, weights of ${runs} runs of ${searches} searches`, rankings);
      printRankings('Position bias taken out, against clicks as they are', rankings.slice(1));
    });
}

const textOf = ({ content, popularity }: SignalWeights): string =>
  `content ${content}, popularity ${popularity}`;

/** What each query showed. */
async function listsOf(corpus: Corpus, queries: readonly JudgedQuery[]): Promise<string[][]> {
  const lists: string[][] = [];
  for (const { text } of queries) {
    lists.push(keysOf(await corpus.search(text, { ...defaultBlend, ...logged })).slice(0, listLength));
  }
  return lists;
}

/** Impressions and clicks; some lists are shuffled, which is what their arm says. */
function simulate(
  queries: readonly JudgedQuery[],
  lists: readonly string[][],
  count: number,
  stream: RandomStream,
): Interaction[] {
  const rows: Interaction[] = [];
  for (let search = 0; search < count; search++) {
    const q = nextBelow(stream, queries.length);
    const isShuffled = nextUnit(stream) < shuffledShare;
    const shown = isShuffled ? shuffled(lists[q]!, stream) : lists[q]!;
    const of = {
      user: `person-${nextBelow(stream, people)}`,
      recommendationId: `search-${search}`,
      surface: 'search',
      query: queries[q]!.text.slice(0, 200),
      at: start + search * 60_000,
      ...(isShuffled && { arm }),
    };
    for (const [i, pin] of shown.entries()) {
      rows.push({ ...of, kind: 'impression', pin, rank: i + 1 });
      const isRelevant = (queries[q]!.gains.get(pin) ?? 0) > 0;
      const rate = (isRelevant ? clickRates.relevant : clickRates.other) / (i + 1);
      if (nextUnit(stream) < rate) rows.push({ ...of, kind: 'click', pin, at: of.at + 1_000 });
    }
  }
  return rows;
}

function shuffled(list: readonly string[], stream: RandomStream): string[] {
  const left = [...list];
  return list.map(() => left.splice(nextBelow(stream, left.length), 1)[0]!);
}

function writeLog({ folder }: Corpus, rows: readonly Interaction[]): void {
  const writer = new InteractionWriter(folder, 1_000);
  writer.apply([{ rows, time: start + 40 * 86_400_000 }]);
  writer.close();
}

/** As the index of the server does, and the same as if all ranks were looked at. */
async function learn(
  { folder, graph }: Corpus,
  index: SearchIndex,
): Promise<{ naive: SignalWeights; debiased: SignalWeights }> {
  const bias = positionBias(folder, arm)!;
  const source = { folder, database: graph.store.database, graph: graph.snapshot.graph };
  const by = async (of: typeof bias): Promise<JudgedSearch[]> => clickSearches(source, index, of);
  return {
    naive: chooseWeights(await by(() => 1), logged),
    debiased: chooseWeights(await by(bias), logged),
  };
}

/** The ranking of each query under each of some weights, averaged over these. */
async function averaged(
  name: string,
  corpus: Corpus,
  queries: readonly JudgedQuery[],
  weights: readonly SignalWeights[],
): Promise<Ranking> {
  const byText = new Map<string, Ranking>();
  for (const each of weights) {
    const text = textOf(each);
    const find = async (query: string): Promise<string[]> =>
      keysOf(await corpus.search(query, { ...defaultBlend, ...each }));
    if (!byText.has(text)) byText.set(text, await rankingOf(text, queries, find));
  }
  const rankings = weights.map((each) => byText.get(textOf(each))!.qualities);
  const meanOf = (i: number, field: 'ndcg' | 'precision' | 'reciprocal'): number =>
    rankings.reduce((sum, qualities) => sum + qualities[i]![field], 0) / rankings.length;
  return {
    name,
    qualities: queries.map((_, i) => ({
      ndcg: meanOf(i, 'ndcg'),
      precision: meanOf(i, 'precision'),
      reciprocal: meanOf(i, 'reciprocal'),
    })),
  };
}

import { Command } from 'commander';
import {
  type Params,
  type SparseRows,
  Engine,
  nodeCount,
  percentileInterval,
  resampledMeans,
  tfIdf,
} from '../../../engine/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { figureText, intervalText, signedText, tableLines } from '../../reports/text/format.ts';
import { holdOutPins } from './hold-out.ts';
import { linksOf, neighborsByLsa, neighborsByWords } from './links.ts';
import { type Goal, type Ranker, boardsWith, recallsOf } from './measure.ts';
import { type ColdSet, readColdSet, termsOf } from './read.ts';

interface Options {
  readonly data: string;
  readonly users: number;
  readonly testUsers: number;
  readonly dims: number;
}

type Named = Ranker & { readonly name: string };

/** Pins held out as if new, and saves of the others, where parameters are chosen. */
const share = 0.2;
const resamples = 2_000;
/** Parameters of `paths`, the walk: its defaults. */
const walk: Params = {};
const allMass = { virtualWeight: 1 };
const contentAlone = { ...allMass, ownShare: 1 };

export function coldStartCommand(): Command {
  return new Command('cold-start')
    .description('Recall over pins without any save, by what they say, and what that costs pins with saves.')
    .requiredOption('--data <folder>', 'folder of cold-train.tsv.gz, cold-test.tsv.gz and pin-tags.tsv.gz')
    .option('--users <n>', 'users of the validation parts and of the warm check, at most', integer(2), 600)
    .option('--test-users <n>', 'users of the cold test part, at most', integer(2), 1e9)
    .option('--dims <n>', 'dimensions of LSA', integer(1, 256), 128)
    .action(async (options: Options) => {
      const set = await readColdSet(options.data);
      const documents = { words: set.tags.map(termsOf), tags: set.tags };
      const words = tfIdf(documents.words, 2);
      const chosen = chooseNeighbors(set, words, tfIdf(documents.tags, 2), options);
      const params = chooseWeight(set, words, chosen, options);
      testCold(set, words, chosen, options);
      checkWarm(set, words, { ...chosen, params: { ...chosen.params, ...params } }, options);
    });
}

interface Chosen {
  readonly count: number;
  readonly prior: number;
  readonly params: Ranker['params'];
}

/** Chooses the neighbors and their weights on pins of the train part held out as if new. */
function chooseNeighbors(set: ColdSet, words: SparseRows, tags: SparseRows, { users }: Options): Chosen {
  const { train, heldOut, isHeldOut } = holdOutPins(set.graph, share, 0, 1);
  const engine = new Engine(train);
  const goal: Goal = { isRelevant: isHeldOut, isListed: isHeldOut };
  const cold = pinsOf(set, isHeldOut);
  const byWords = neighborsByWords(train, words, cold);
  const byTags = neighborsByWords(train, tags, cold);
  const settings: (Named & Partial<Chosen>)[] = [];
  for (const count of [50, 100, 200]) {
    for (const prior of [0, 5]) {
      const links = linksOf(train, byWords, count, prior);
      for (const ownShare of count === 100 ? [0, 0.1] : [0.1]) {
        const name = `words, ${count} nearest, prior ${prior}, own ${ownShare}`;
        settings.push({ name, walk, links, count, prior, params: { ...allMass, ownShare } });
      }
    }
  }
  const candidates = settings.length;
  const links = linksOf(train, byTags, 100, 5);
  const params = { ...allMass, ownShare: 0.1 };
  settings.push({ name: 'tags as they are, 100 nearest, prior 5, own 0.1', walk, links, params });
  const boards = spaced(boardsWith(engine, heldOut, goal), users);
  const recalls = recallsOf(engine, heldOut, boards, goal, settings);
  printTable(`Validation: ${cold.length} pins held out as if new, ${boards.length} users`, settings, recalls);
  const best = recalls.slice(0, candidates).map(meanOf);
  const chosen = settings[best.indexOf(Math.max(...best))]!;
  print(`Chosen: ${chosen.name}.\n`);
  return { count: chosen.count!, prior: chosen.prior!, params: chosen.params };
}

/** Chooses the weight of virtual saves in lists of all pins, where new pins and others compete. */
function chooseWeight(set: ColdSet, words: SparseRows, chosen: Chosen, { users }: Options): Ranker['params'] {
  const split = holdOutPins(set.graph, share, share, 2);
  const tried = [0, 0.3, 1, 3].flatMap((virtualWeight) =>
    (virtualWeight === 0 ? [1] : [1, 5]).map((fadeSaves) => ({ virtualWeight, fadeSaves })),
  );
  const { warm, cold } = mixed(set, split, words, chosen, tried, users);
  print(`Validation, lists of all pins: recall@100 of new pins and of others\n`);
  const rows = tried.map(({ virtualWeight, fadeSaves }, i) => {
    const less = differenceText(warm[i]!, warm[0]!);
    return [String(virtualWeight), String(fadeSaves), figureText(meanOf(cold[i]!)), figureText(meanOf(warm[i]!)), less]; // prettier-ignore
  });
  const columns = ['virtualWeight', 'fadeSaves', 'new pins', 'others', 'others, difference'];
  for (const line of tableLines({ columns, rows })) print(line);
  const harmless = tried.filter((_, i) => meanOf(warm[i]!) >= meanOf(warm[0]!));
  const best = harmless.toSorted(
    (a, b) => meanOf(cold[tried.indexOf(b)]!) - meanOf(cold[tried.indexOf(a)]!),
  )[0]!;
  print(
    `\nChosen: ${best.virtualWeight}, ${best.fadeSaves}: most new pins of those where the others lose nothing.\n`,
  );
  return best;
}

/** Recall over the pins without saves that the set holds out. */
function testCold(set: ColdSet, words: SparseRows, chosen: Chosen, { testUsers, dims }: Options): void {
  const engine = new Engine(set.graph);
  const goal: Goal = { isRelevant: set.isCold, isListed: set.isCold };
  const cold = pinsOf(set, set.isCold);
  const byWords = neighborsByWords(set.graph, words, cold);
  const { count, prior, params } = chosen;
  const links = linksOf(set.graph, byWords, count, prior);
  const all = linksOf(set.graph, byWords, Infinity, 0);
  const byLsa = (type: 'float32' | 'int8') =>
    linksOf(set.graph, neighborsByLsa(set.graph, words, cold, dims, type), count, prior);
  const rankers: Named[] = [
    { name: 'virtual saves', walk, links, params },
    { name: 'content alone, 200 nearest', walk: null, links: all, params: contentAlone },
    { name: `virtual saves by LSA ${dims}, float32`, walk, links: byLsa('float32'), params },
    { name: `virtual saves by LSA ${dims}, int8`, walk, links: byLsa('int8'), params },
  ];
  const boards = spaced(boardsWith(engine, set.heldOut, goal), testUsers);
  const recalls = recallsOf(engine, set.heldOut, boards, goal, rankers);
  printTable(`Cold test: ${cold.length} pins without saves, ${boards.length} users`, rankers, recalls);
  const silent = cold.filter((pin) => set.tags[pin]!.length === 0).length;
  print(`${silent} of these pins have no tag, and cannot be found by one.\n`);
}

/** Whether pins with saves are found as well as before, on other held-out saves. */
function checkWarm(set: ColdSet, words: SparseRows, chosen: Chosen, { users }: Options): void {
  const split = holdOutPins(set.graph, share, share, 3);
  const { warm, cold } = mixed(set, split, words, chosen, [{ virtualWeight: 0 }, {}], users);
  const columns = ['lists of all pins', 'without', 'with', 'difference'];
  const rows = [rowOf('pins with saves', warm), rowOf('pins without', cold)];
  print('Warm check: recall@100 on other held-out saves\n');
  for (const line of tableLines({ columns, rows })) print(line);
}

/** A row of the warm check: recall without virtual saves and with them. */
function rowOf(name: string, [before, after]: readonly Float64Array[]): string[] {
  const difference = differenceText(after!, before!);
  return [name, figureText(meanOf(before!)), figureText(meanOf(after!)), difference];
}

/** Recall in lists of all pins, by parameters: of held-out saves of pins with saves, and of those held out as if new. */
function mixed(
  set: ColdSet,
  { train, heldOut, isHeldOut }: ReturnType<typeof holdOutPins>,
  words: SparseRows,
  { count, prior, params }: Chosen,
  tried: readonly Ranker['params'][],
  users: number,
): { readonly warm: Float64Array[]; readonly cold: Float64Array[] } {
  const engine = new Engine(train);
  // Pins of the cold test part take no part.
  const pins = pinsOf(set, (pin) => !set.isCold(pin));
  const links = linksOf(train, neighborsByWords(train, words, pins), count, prior);
  const rankers = tried.map((each) => ({ walk, links, params: { ...params, ...each } }));
  const isListed = (pin: number): boolean => !set.isCold(pin);
  const measure = (isRelevant: Goal['isRelevant']): Float64Array[] => {
    const goal = { isRelevant, isListed };
    return recallsOf(engine, heldOut, spaced(boardsWith(engine, heldOut, goal), users), goal, rankers);
  };
  return { warm: measure((pin) => !isHeldOut(pin)), cold: measure(isHeldOut) };
}

function pinsOf({ graph }: ColdSet, isWanted: (pin: number) => boolean): number[] {
  return Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => pin).filter(isWanted);
}

/** At most `count` of them, evenly spaced. */
function spaced(boards: readonly number[], count: number): number[] {
  const step = Math.max(1, boards.length / count);
  return boards.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

function printTable(title: string, rankers: readonly Named[], recalls: readonly Float64Array[]): void {
  print(`${title}\n`);
  const rows = rankers.map(({ name }, i) => {
    const interval = intervalText(intervalOf(recalls[i]!));
    const difference = i === 0 ? '' : differenceText(recalls[i]!, recalls[0]!);
    return [name, figureText(meanOf(recalls[i]!)), interval, difference];
  });
  for (const line of tableLines({ columns: ['', 'recall@100', '95 %', '− first'], rows })) print(line);
  print('');
}

/** How much better `a` is than `b`, with the interval of the paired differences. */
function differenceText(a: Float64Array, b: Float64Array): string {
  const differences = a.map((value, i) => value - b[i]!);
  return `${signedText(meanOf(differences))} ${intervalText(intervalOf(differences), signedText)}`;
}

/** The 95 % interval of the mean, by bootstrap. */
function intervalOf(values: Float64Array): ReturnType<typeof percentileInterval> {
  return percentileInterval(resampledMeans([values], resamples, 1)[0]!, 0.95);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { Command } from 'commander';
import {
  type PinBoardGraph,
  buildGraph,
  neighborsOf,
  nodeCount,
  percentileInterval,
  resampledMeans,
  splitSaves,
} from '../../../engine/index.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { figureText, intervalText, signedText, tableLines } from '../../reports/text/format.ts';
import { type Profile, Profiles, type TagScores } from './profiles.ts';
import { readTaggedSaves } from './read.ts';

interface Options {
  readonly data: string;
  readonly users: number;
  readonly testUsers: number;
}

/** Share of each person's saves that is hidden. */
const share = 0.2;
const tagsMax = 10;
const resamples = 2_000;

export function interestsCommand(): Command {
  return new Command('interests')
    .description(
      "Predicts the tags of a person's hidden saves from the others: averaged, in clusters, by walks.",
    )
    .requiredOption('--data <folder>', 'folder of saves.tsv.gz and pin-tags.tsv.gz')
    .option('--users <n>', 'users of the validation part, at most', integer(2), 400)
    .option('--test-users <n>', 'users of the test part, at most', integer(2), 1e9)
    .action(async ({ data, users, testUsers }: Options) => {
      const { saves, tags } = await readTaggedSaves(data);
      const test = splitSaves(buildGraph(saves), share, 1);
      const chosen = choose(test.train, tags, users);
      const profiles = new Profiles(test.train, tags);
      const all = [
        profiles.popular(),
        profiles.own(),
        profiles.ownTfIdf(),
        ...chosen.map((make) => make(profiles)),
      ];
      printTable('Test: 20 % of the saves of each person hidden', all, test.heldOut, tags, testUsers);
    });
}

type Maker = (profiles: Profiles) => Profile;

/** The settings of each kind of profile among which the validation part chooses. */
const kinds: readonly (readonly Maker[])[] = [
  [100, 300, 1_000].map((count) => (profiles) => profiles.averaged(count)),
  [100, 300, 1_000].flatMap((count) =>
    [0.5, 1, 2].map(
      (cost): Maker =>
        (profiles) =>
          profiles.ward(count, cost),
    ),
  ),
  [100, 300, 1_000].map((count) => (profiles) => profiles.communities(count)),
  [100, 200, 300, 500, 1_000].map((count) => (profiles) => profiles.walk(count)),
  [100, 200, 300, 500, 1_000].map((count) => (profiles) => profiles.apart(count)),
];

/** The best setting of each kind, on saves hidden from the train part. */
function choose(train: PinBoardGraph, tags: readonly (readonly number[])[], users: number): Maker[] {
  const split = splitSaves(train, share, 2);
  const profiles = new Profiles(split.train, tags);
  return kinds.map((makers, i) => {
    const own = makers.map((make) => make(profiles));
    const means = printTable(`Validation ${i + 1}`, own, split.heldOut, tags, users);
    return makers[means.indexOf(Math.max(...means))]!;
  });
}

function printTable(
  title: string,
  profiles: readonly Profile[],
  heldOut: PinBoardGraph['boardToPin'],
  tags: readonly (readonly number[])[],
  usersMax: number,
): number[] {
  const withTags = Array.from({ length: nodeCount(heldOut) }, (_, user) => user).filter((user) =>
    neighborsOf(heldOut, user).some((pin) => tags[pin]!.length > 0),
  );
  const step = Math.max(1, withTags.length / usersMax);
  const users = withTags.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  const precisions = profiles.map(({ of }) =>
    Float64Array.from(users, (user) => {
      const relevant = new Set([...neighborsOf(heldOut, user)].flatMap((pin) => tags[pin]!));
      return bestTags(of(user)).filter((tag) => relevant.has(tag)).length / tagsMax;
    }),
  );
  print(`${title}, ${users.length} people\n`);
  const averaged = profiles.findIndex(({ name }) => name.startsWith('one averaged'));
  const rows = profiles.map(({ name }, i) => {
    const own = precisions[i]!;
    const difference = own.map((value, user) => value - (precisions[averaged]?.[user] ?? value));
    return [name, figureText(meanOf(own)), intervalText(intervalOf(own)), averaged < 0 || i === averaged ? '' : `${signedText(meanOf(difference))} ${intervalText(intervalOf(difference), signedText)}`]; // prettier-ignore
  });
  for (const line of tableLines({ columns: ['', 'P@10', '95 %', '− averaged'], rows })) print(line);
  print('');
  return precisions.map(meanOf);
}

/** Ties to the smaller tag. */
function bestTags(scores: TagScores): number[] {
  return [...scores]
    .toSorted(([a, left], [b, right]) => right - left || a - b)
    .slice(0, tagsMax)
    .map(([tag]) => tag);
}

/** The 95 % interval of the mean over people, by bootstrap. */
function intervalOf(values: Float64Array): ReturnType<typeof percentileInterval> {
  return percentileInterval(resampledMeans([values], resamples, 1)[0]!, 0.95);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

import { Command } from 'commander';
import {
  type PinBoardGraph,
  type SaveSplit,
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
import { servedProfile } from './served.ts';
import { InterestWeights } from './weights.ts';

interface Options {
  readonly data: string;
  readonly users: number;
  readonly testUsers: number;
  readonly served?: boolean;
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
    .option('--served', 'only the tags of people as the server returns them, on the test part')
    .action(async ({ data, users, testUsers, served }: Options) => {
      const { saves, tags } = await readTaggedSaves(data);
      const test = splitSaves(buildGraph(saves), share, 1);
      if (served === true) {
        const judged = someUsers(test.heldOut, testUsers, (pin) => tags[pin]!.length > 0);
        const profile = await servedProfile(test.train, tags, judged);
        const own = new Profiles(test.train, tags).own();
        printTable('Test: as served', [own, profile], test.heldOut, tags, testUsers);
        return;
      }
      const validation = splitSaves(test.train, share, 2);
      const chosen = choose(validation, tags, users);
      const profiles = new Profiles(test.train, tags);
      const all = [
        profiles.popular(),
        profiles.own(),
        profiles.ownTfIdf(),
        ...chosen.map((make) => make(profiles)),
      ];
      printTable('Test: 20 % of the saves of each person hidden', all, test.heldOut, tags, testUsers);
      printWeights('Weights of interests, validation', validation, users);
      printWeights('Weights of interests, test', test, testUsers);
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
  [100, 200, 300, 500, 1_000].map((count) => (profiles) => profiles.feed(count)),
  [100, 200, 300, 500, 1_000].map((count) => (profiles) => profiles.apart(count)),
];

/** The best setting of each kind, on saves hidden from the train part. */
function choose(split: SaveSplit, tags: readonly (readonly number[])[], users: number): Maker[] {
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
  const users = someUsers(heldOut, usersMax, (pin) => tags[pin]!.length > 0);
  const precisions = profiles.map(({ of }) =>
    Float64Array.from(users, (user) => {
      const relevant = new Set([...neighborsOf(heldOut, user)].flatMap((pin) => tags[pin]!));
      return bestTags(of(user)).filter((tag) => relevant.has(tag)).length / tagsMax;
    }),
  );
  print(`${title}, ${users.length} people\n`);
  const than = ['own counts', 'one averaged'].map((start) =>
    profiles.findIndex(({ name }) => name.startsWith(start)),
  );
  const rows = profiles.map(({ name }, i) => {
    const own = precisions[i]!;
    const differences = than.map((other) =>
      other < 0 || other === i ? '' : differenceText(own, precisions[other]!),
    );
    return [name, figureText(meanOf(own)), intervalText(intervalOf(own)), ...differences];
  });
  for (const line of tableLines({ columns: ['', 'P@10', '95 %', '− own', '− averaged'], rows })) print(line);
  print('');
  return precisions.map(meanOf);
}

/** Shares of the walk in the weights of interests. */
const walkShares = [0, 0.25, 0.5, 0.75, 1];

function printWeights(title: string, { train, heldOut }: SaveSplit, usersMax: number): void {
  const weights = new InterestWeights(train);
  const judged = someUsers(heldOut, usersMax, () => true).flatMap((user) => {
    const found = weights.judge(user, neighborsOf(heldOut, user), walkShares);
    return found === undefined ? [] : [found];
  });
  print(`${title}, ${judged.length} people\n`);
  const rows = walkShares.map((walkShare, i) => {
    const [loss, covered] = (['loss', 'covered'] as const).map((name) => ({
      own: Float64Array.from(judged, (each) => each[i]![name]),
      counts: Float64Array.from(judged, (each) => each[0]![name]),
    }));
    const textsOf = ({ own, counts }: { own: Float64Array; counts: Float64Array }): string[] => {
      return [figureText(meanOf(own)), i === 0 ? '' : differenceText(own, counts)];
    };
    return [String(walkShare), textsOf(loss!), textsOf(covered!)].flat();
  });
  const columns = ['walk', 'loss', '− counts', 'in the first three', '− counts'];
  for (const line of tableLines({ columns, rows })) print(line);
  print('');
}

/** Up to so many of the users with a hidden pin that counts, evenly spread. */
function someUsers(
  heldOut: PinBoardGraph['boardToPin'],
  usersMax: number,
  counts: (pin: number) => boolean,
): number[] {
  const all = Array.from({ length: nodeCount(heldOut) }, (_, user) => user).filter((user) =>
    neighborsOf(heldOut, user).some(counts),
  );
  const step = Math.max(1, all.length / usersMax);
  return all.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

function differenceText(one: Float64Array, other: Float64Array): string {
  const differences = one.map((value, i) => value - other[i]!);
  return `${signedText(meanOf(differences))} ${intervalText(intervalOf(differences), signedText)}`;
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

import { Command } from 'commander';
import {
  type CampaignTarget,
  type RandomStream,
  TargetIndex,
  nextBelow,
  nextUnit,
  randomStream,
  runAuction,
} from '../../../engine/index.ts';
import { describeMachine } from '../../bench/case.ts';
import { integer } from '../../commands/shared/options.ts';
import { print } from '../../output.ts';
import { tableLines } from '../../reports/text/format.ts';

interface Options {
  readonly campaigns: number;
  readonly pins: number;
  readonly requests: number;
}

/** A tree of so many roots, each with so many topics below. */
const [roots, topicsPerRoot] = [40, 25];
const pinsPerCampaign = 5;
const matchesMax = 64;
const visitedCounts = [200, 2_000, 10_000];

export function matchingCommand(): Command {
  return new Command('matching')
    .description(
      'Time to find the campaigns of a request by the pins that its walk visited, and to run the auction.',
    )
    .option('--campaigns <n>', 'all of them active', integer(1), 10_000)
    .option('--pins <n>', 'of the graph', integer(1_000), 1_000_000)
    .option('--requests <n>', 'for each size', integer(1), 2_000)
    .action(({ campaigns, pins, requests }: Options) => {
      const stream = randomStream(1);
      const parents = Int32Array.from({ length: roots * (1 + topicsPerRoot) }, (_, topic) =>
        topic < roots ? -1 : topic % roots,
      );
      const ofPin = Int32Array.from(
        { length: pins },
        () => roots + nextBelow(stream, parents.length - roots),
      );
      const pinsOf: number[][] = Array.from(parents, () => []);
      for (const [pin, topic] of ofPin.entries()) pinsOf[topic]!.push(pin);
      const targets = Array.from({ length: campaigns }, () => targetOf(ofPin, pinsOf, parents, stream));
      const start = performance.now();
      const index = new TargetIndex(targets, { parents, ofPin });
      print(
        `${describeMachine()}; index of ${campaigns} campaigns: ${(performance.now() - start).toFixed(1)} ms\n`,
      );
      const bids = Float64Array.from(targets, () => 100_000 + nextBelow(stream, 1_000_000));
      const rows = visitedCounts.map((count) => {
        const found = Array.from({ length: requests }, () =>
          timesOf(index, bids, visitedOf(ofPin, pinsOf, count, stream)),
        );
        const mean = found.reduce((sum, { matches }) => sum + matches, 0) / requests;
        const times = [found.map(({ match }) => match), found.map(({ auction }) => auction)];
        return [String(count), times.flatMap(quantiles), mean.toFixed(0)].flat();
      });
      const columns = ['visited pins', 'match, µs', 'p99', 'auction, µs', 'p99', 'matches'];
      for (const line of tableLines({ columns, rows })) print(line);
    });
}

/** Pins of one topic; half for people of the topic or of its ancestors, a quarter for those who would save others of its pins. */
function targetOf(
  ofPin: Int32Array,
  pinsOf: readonly (readonly number[])[],
  parents: Int32Array,
  stream: RandomStream,
): CampaignTarget {
  const topic = ofPin[nextBelow(stream, ofPin.length)]!;
  const pool = pinsOf[topic]!;
  const pins = Array.from({ length: pinsPerCampaign }, () => pool[nextBelow(stream, pool.length)]!);
  const kind = nextUnit(stream);
  return {
    pins,
    topics: kind < 0.25 ? [topic] : kind < 0.5 ? [parents[topic]!] : [],
    seedPins: kind >= 0.75 ? pins.map(() => pool[nextBelow(stream, pool.length)]!) : [],
    excludedTopics: nextUnit(stream) < 0.1 ? [nextBelow(stream, roots)] : [],
  };
}

/** Half of them of one topic, the others of any; scores fall with the rank. */
function visitedOf(
  ofPin: Int32Array,
  pinsOf: readonly (readonly number[])[],
  count: number,
  stream: RandomStream,
) {
  const own = pinsOf[ofPin[nextBelow(stream, ofPin.length)]!]!;
  const drawn = Array.from({ length: count }, (_, i) =>
    i % 2 === 0 ? own[nextBelow(stream, own.length)]! : nextBelow(stream, ofPin.length),
  );
  const pins = Int32Array.from(new Set(drawn));
  return { count: pins.length, pins, scores: Float64Array.from(pins, (_, rank) => 1 / (1 + rank)) };
}

function timesOf(index: TargetIndex, weights: Float64Array, visited: ReturnType<typeof visitedOf>) {
  const start = performance.now();
  const matches = index.match(visited, { weights, reference: 0.1, minRelevance: 0.01, limit: matchesMax });
  const matched = performance.now();
  const candidates = matches.map(({ campaign, pin, relevance }) => ({
    campaign,
    pin,
    bidMicros: weights[campaign]!,
    actionProbability: relevance / 10,
    quality: 1,
    relevance,
  }));
  const { campaigns } = runAuction({ slots: [3, 10], candidates, reserveMicros: 1, minRelevance: 0.01 });
  const auction = performance.now() - matched;
  return { match: matched - start, auction, matches: Math.max(campaigns, matches.length) };
}

/** Median and 99 %, in microseconds. */
function quantiles(times: readonly number[]): string[] {
  const sorted = times.toSorted((a, b) => a - b);
  return [0.5, 0.99].map((share) => (1_000 * sorted[Math.floor(share * sorted.length)]!).toFixed(0));
}

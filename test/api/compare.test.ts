import { describe, expect, test } from 'vitest';
import { type Comparison, compare, namedSettings } from '../../api/offline/evaluate/index.ts';
import { listQuality } from '../../engine/metrics/list-quality.ts';
import {
  type SaveSplit,
  Engine,
  TopPins,
  accuracyMetrics,
  degreeOf,
  neighborsOf,
  nodeCount,
  popularityThirds,
  resolvePipeline,
} from '../../engine/index.ts';
import { tastes } from '../splits.ts';

const k = 5;
const split: SaveSplit = tastes();
const names = {
  board: (index: number) => ({ key: `u${index}` }),
  pin: (index: number) => ({ key: `p${index}`, title: `Pin <${index}>` }),
  user: (index: number) => ({ key: `u${index}` }),
};
const settings = [namedSettings('feed-exact')!, namedSettings('popular')!] as const;
const how = { k, randomSeed: 1, queryPins: Infinity, resamples: 200, metric: 'ndcg', examples: 2 } as const;
const compared = (threads: number): Promise<Comparison> =>
  compare(split, settings, names, { ...how, threads });
const whole = compared(1);

/** The lists of both settings for every evaluated board, computed on this thread: the expected result. */
const engine = new Engine(split.train);
const boards = Array.from({ length: nodeCount(split.heldOut) }, (_, board) => board).filter(
  (board) => degreeOf(split.train.boardToPin, board) > 0 && degreeOf(split.heldOut, board) > 0,
);
const listsOf = settings.map(({ algorithm, params }) =>
  boards.map((board) => {
    const pins = [...neighborsOf(split.train.boardToPin, board)];
    const top = new TopPins(k);
    const query = { pins, weights: pins.map(() => 1) };
    engine.recommend(algorithm, query, resolvePipeline({ algorithm, params }).candidates.params, 1, top);
    return top.drain().map(({ pin }) => pin);
  }),
);
const relevantOf = boards.map((board) => new Set(neighborsOf(split.heldOut, board)));
const [listsA, listsB] = [listsOf[0]!, listsOf[1]!];

describe('compare', () => {
  test('compare counts wins, losses and ties by every metric as defined', async () => {
    const { wins, results } = await whole;
    for (const metric of accuracyMetrics) {
      const [a, b] = listsOf.map((lists) =>
        lists.map((list, user) => listQuality(list, relevantOf[user]!, k)[metric]),
      );
      expect(wins[metric]).toEqual({
        a: a!.filter((value, user) => value > b![user]!).length,
        b: a!.filter((value, user) => value < b![user]!).length,
        ties: a!.filter((value, user) => value === b![user]!).length,
      });
      expect(results[0]![metric]).toBeCloseTo(a!.reduce((sum, value) => sum + value, 0) / boards.length, 12);
    }
    expect(wins.ndcg.a).toBeGreaterThan(0);
    expect(wins.ndcg.b).toBeGreaterThan(0);
  });

  test('compare reports the overlap of the lists', async () => {
    const { overlap } = await whole;
    const shares = listsA.map((list, user) => list.filter((pin) => listsB[user]!.includes(pin)).length / k);
    expect(overlap.mean).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / boards.length, 12);
    expect(overlap.users.reduce((sum, users) => sum + users, 0)).toBe(boards.length);
    // With five places, shares are fifths.
    for (const [fifths, place] of [0, 2, 4, 6, 8, 10].entries()) {
      const users = shares.filter((share) => Math.round(share * k) === fifths).length;
      expect(overlap.users[place]).toBe(users);
    }
    const same = listsA.filter((list, user) => list[0] === listsB[user]![0]).length;
    expect(overlap.sameFirst).toBeCloseTo(same / boards.length, 12);
  });

  test('compare groups every user by activity and every pin by popularity, once each', async () => {
    const { byActivity, byPopularity, wins, data } = await whole;
    for (const side of ['a', 'b', 'ties'] as const) {
      expect(byActivity.reduce((sum, group) => sum + group.wins[side], 0)).toBe(wins.ndcg[side]);
    }
    for (const { a, b, interval } of byActivity) {
      expect(interval.low).toBeLessThanOrEqual(a - b);
      expect(interval.high).toBeGreaterThanOrEqual(a - b);
    }
    const { groupOf } = popularityThirds(split.train.pinToBoard);
    for (const [group, found] of byPopularity.entries()) {
      if (found.saves === null) continue;
      const count = (is: (pin: number, user: number) => boolean): number =>
        relevantOf.reduce(
          (sum, pins, user) =>
            sum + [...pins].filter((pin) => groupOf[pin] === group && is(pin, user)).length,
          0,
        );
      const [inA, inB] = listsOf.map((lists) => (pin: number, user: number) => lists[user]!.includes(pin));
      expect(found).toMatchObject({
        heldOut: count(() => true),
        both: count((pin, user) => inA!(pin, user) && inB!(pin, user)),
        aOnly: count((pin, user) => inA!(pin, user) && !inB!(pin, user)),
        bOnly: count((pin, user) => !inA!(pin, user) && inB!(pin, user)),
        neither: count((pin, user) => !inA!(pin, user) && !inB!(pin, user)),
      });
    }
    expect(byPopularity.reduce((sum, { heldOut }) => sum + heldOut, 0)).toBe(data.heldOut);
    const shown = byPopularity.reduce((sum, each) => sum + each.recommendedBoth + each.recommendedAOnly, 0);
    expect(shown).toBe(listsA.flat().length);
  });

  test('compare shows the users for whom the two differ most, with names and hits', async () => {
    const { examples } = await whole;
    expect(examples.map(({ a, b }) => a > b)).toEqual([true, true, false, false]);
    const ahead = boards.map((_, user) => {
      const [a, b] = [listsA, listsB].map((lists) => listQuality(lists[user]!, relevantOf[user]!, k).ndcg);
      return a! - b!;
    });
    expect(examples[0]!.a - examples[0]!.b).toBeCloseTo(Math.max(...ahead), 12);
    expect(examples[2]!.a - examples[2]!.b).toBeCloseTo(Math.min(...ahead), 12);
    for (const { user, listA, listB, missed, heldOut } of examples) {
      const at = boards.findIndex((board) => names.board(board).key === user.key);
      expect(listA.map(({ key }) => key)).toEqual(listsA[at]!.map((pin) => `p${pin}`));
      expect(listB.map(({ isHit }) => isHit)).toEqual(listsB[at]!.map((pin) => relevantOf[at]!.has(pin)));
      expect(listA.map(({ isShared }) => isShared)).toEqual(
        listsA[at]!.map((pin) => listsB[at]!.includes(pin)),
      );
      expect(listB.map(({ isShared }) => isShared)).toEqual(
        listsB[at]!.map((pin) => listsA[at]!.includes(pin)),
      );
      expect(listA[0]!.title).toMatch(/^Pin </);
      expect(missed.length).toBeLessThanOrEqual(heldOut);
    }
  });

  test('compare returns the same with several threads, except for the times', async () => {
    const timeless = ({ results, ...rest }: Comparison): object => ({
      ...rest,
      results: results.map((result) => ({ ...result, seconds: 0, msPerQueryP50: 0, msPerQueryP99: 0 })),
    });
    expect(timeless(await compared(2))).toEqual(timeless(await whole));
  });
});

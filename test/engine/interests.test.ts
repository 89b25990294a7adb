import { expect, test } from 'vitest';
import {
  InterestIndex,
  buildGraph,
  growTree,
  matchClasses,
  termsOfClasses,
  sharedInt32Array,
  tagWeights,
} from '../../engine/index.ts';

/** Two communities of three pins and two boards each, in one coarse one; pin 6 has no saves, pin 7 is newer. */
const boards = [0, 0, 0, 1, 1, 2, 2, 2, 3, 3, 3];
const pins = [0, 1, 2, 0, 1, 3, 4, 5, 3, 4, 7];
const graph = buildGraph({
  boards: Int32Array.from(boards),
  pins: Int32Array.from(pins),
  pinCount: 8,
  boardToUser: sharedInt32Array(4),
  userCount: 4,
});
const communities = {
  levels: 2,
  pins: Int32Array.of(0, 0, 0, 1, 1, 1, 2, 0, 0, 0, 0, 0, 0, 1),
  boards: Int32Array.of(0, 0, 1, 1, 0, 0, 0, 0),
};
const limits = { pinsMin: 2, boardsMin: 1, interestsMax: 10, topPinsMax: 2 };

test('a tree has each community of some size under the one that holds it, with its most saved pins', () => {
  const tree = growTree(graph, communities, limits);
  expect(tree).toEqual([
    { level: 1, community: 0, parent: -1, pins: 6, boards: 4, saves: 10, topPins: [0, 1] },
    { level: 0, community: 0, parent: 0, pins: 3, boards: 2, saves: 5, topPins: [0, 1] },
    { level: 0, community: 1, parent: 0, pins: 3, boards: 2, saves: 5, topPins: [3, 4] },
  ]);
  expect(growTree(graph, communities, { ...limits, interestsMax: 2 })).toEqual(tree.slice(0, 2));
  expect(growTree(graph, communities, { ...limits, pinsMin: 4 })).toEqual(tree.slice(0, 1));
});

test('a community that is nearly all of the one above is no interest of its own', () => {
  const same = { ...communities, pins: communities.pins.slice().fill(0), boards: new Int32Array(8) };
  expect(growTree(graph, same, limits)).toMatchObject([{ level: 1, pins: 6 }]);
});

test('a pin is in its finest interest, and a newer one in that of most of its boards', () => {
  const placed = growTree(graph, communities, limits).map(({ level, community }, interest) => {
    return { level, community, interest };
  });
  const index = new InterestIndex(graph, communities, placed);
  expect([0, 1, 2, 3, 4, 5].map((pin) => index.of(pin))).toEqual([1, 1, 1, 2, 2, 2]);
  expect(index.of(6)).toBe(-1);
  expect(index.of(7)).toBe(2);
  expect(index.of(1_000)).toBe(-1);
});

test('terms of a class are those that other classes have less, and none that all have', () => {
  const [the, bread, rock] = [0, 1, 2];
  const classes = [
    new Map([
      [the, 50],
      [bread, 10],
      [rock, 1],
    ]),
    new Map([
      [the, 50],
      [rock, 9],
    ]),
  ];
  const terms = (isAllowed: (term: number) => boolean) =>
    termsOfClasses(classes, 3, 5, isAllowed).map((own) => own.map(({ term }) => term));
  expect(terms(() => true)).toEqual([[bread], [rock]]);
  expect(terms((term) => term !== bread)).toEqual([[], [rock]]);
});

test('a term that a class has more often by chance does not set it apart', () => {
  const [with_, love] = [0, 1];
  const classes = [
    new Map([
      [with_, 7],
      [love, 20],
    ]),
    new Map([
      [with_, 18],
      [love, 4],
      [2, 200],
    ]),
  ];
  // 7 of 27 is over 1.5 times 25 of 249, and 2.8 standard deviations more than expected.
  expect(termsOfClasses(classes, 3, 5, () => true)[0]!.map(({ term }) => term)).toEqual([love]);
});

test('tags weigh the share of the scores that is on pins with them', () => {
  const tags = [['a', 'b', 'a'], ['b'], []];
  const walked = [
    { pin: 0, score: 3 },
    { pin: 1, score: 1 },
    { pin: 2, score: 9 },
    { pin: 1, score: -5 },
  ];
  expect(Object.fromEntries(tagWeights(walked, (pin) => tags[pin]!))).toEqual({ a: 0.75, b: 1 });
  expect(tagWeights([], () => ['a']).size).toBe(0);
});

test('classes are matched by overlap: a class that split keeps its name with the larger part', () => {
  const before = (element: number): number[] => (element < 10 ? [7] : [8]);
  const after = (element: number): number[] => (element < 6 ? [1] : element < 10 ? [2] : [0]);
  expect(Object.fromEntries(matchClasses(20, before, after))).toEqual({ 0: 8, 1: 7 });
  // None of these shares 0.3 with an old one.
  const scattered = (element: number): number[] => [element % 5];
  expect(matchClasses(20, (element) => (element < 18 ? [0] : [1]), scattered).size).toBe(0);
});

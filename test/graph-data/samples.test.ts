import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { TopPins, buildGraph, createWalkScratch, pixie, sharedInt32Array } from '../../engine/index.ts';
import { syntheticBoards, syntheticRows } from '../../graph-data/index.ts';

type SyntheticOptions = Parameters<typeof syntheticRows>[0];

const options: SyntheticOptions = {
  pins: 4_000,
  boards: 6_000,
  saves: 60_000,
  topics: 10,
  noise: 0.1,
  randomSeed: 3,
};

function graphOf(of: SyntheticOptions) {
  const boards = new Int32Array(of.saves);
  const pins = new Int32Array(of.saves);
  let size = 0;
  for (const each of syntheticBoards(of)) {
    for (const pin of each.pins) {
      boards[size] = each.board;
      pins[size++] = pin;
    }
  }
  return { boards, pins, size };
}

describe('the synthetic sample', () => {
  const { boards, pins, size } = graphOf(options);

  test('syntheticBoards yields the exact number of saves, no pin twice on a board, and nearly all pins', () => {
    expect(size).toBe(options.saves);
    expect(new Set(boards).size).toBe(options.boards);
    expect(new Set(boards.map((board, i) => board * options.pins + pins[i]!)).size).toBe(options.saves);
    expect(new Set(pins).size).toBeGreaterThan(0.95 * options.pins);
  });

  test('syntheticRows are equal for equal seeds and differ for others', () => {
    const hash = (of: SyntheticOptions) => {
      const sha256 = createHash('sha256');
      for (const rows of syntheticRows(of)) sha256.update(JSON.stringify(rows));
      return sha256.digest('hex');
    };
    expect(hash(options)).toBe(hash(options));
    expect(hash({ ...options, randomSeed: 4 })).not.toBe(hash(options));
  });

  test('syntheticBoards draw pins of their own topic, except for the noise', () => {
    const offTopic = pins.filter((pin, i) => pin % 10 !== boards[i]! % 10).length;
    // A noisy save hits the board's own topic one time in ten.
    expect(offTopic / options.saves).toBeCloseTo(0.1 * 0.9, 2);
  });

  test('syntheticBoards have popular pins and large boards, as power laws do', () => {
    const sorted = (indices: Int32Array, count: number) => {
      const degrees = new Int32Array(count);
      for (const index of indices) degrees[index]!++;
      return degrees.toSorted().toReversed();
    };
    const byPin = sorted(pins, options.pins);
    const byBoard = sorted(boards, options.boards);
    const topTenth = byPin.subarray(0, options.pins / 10).reduce((sum, degree) => sum + degree, 0);
    expect(topTenth).toBeGreaterThan(0.3 * options.saves);
    expect(byBoard[0]).toBeGreaterThan(10 * (options.saves / options.boards));
  });

  test('pixie recovers the topics of a synthetic graph', () => {
    const graph = buildGraph({
      boards,
      pins,
      pinCount: options.pins,
      boardToUser: sharedInt32Array(options.boards),
      userCount: 1,
    });
    const scratch = createWalkScratch();
    let onTopic = 0;
    for (let queryPin = 0; queryPin < 100; queryPin++) {
      const top = new TopPins(10);
      const params = { steps: 20_000, restartProbability: 0.5 };
      pixie(graph, { pins: [queryPin], weights: [1] }, params, 1, scratch, top);
      onTopic += top.drain().filter(({ pin }) => pin % 10 === queryPin % 10).length;
    }
    // Noise alone would give a tenth of 1,000.
    expect(onTopic).toBeGreaterThan(950);
  });

  test('syntheticBoards fill boards with up to half of all pins, each pin once', () => {
    const dense = { pins: 47, boards: 40, saves: 400, topics: 5, noise: 0 };
    for (const { pins: boardPins } of syntheticBoards(dense))
      expect(new Set(boardPins).size).toBe(boardPins.length);
  });

  test.each<[string, Partial<SyntheticOptions>]>([
    ['pins', { pins: 0 }],
    ['saves', { saves: 5_999 }],
    ['saves', { saves: 7_000_000 }],
    ['topics', { topics: 4_001 }],
    ['noise', { noise: 1.5 }],
    ['boards', { boards: NaN }],
  ])('syntheticBoards refuses impossible %s', (field, change) => {
    expect(() => [...syntheticBoards({ ...options, ...change })]).toThrow(expect.objectContaining({ field }));
  });
});

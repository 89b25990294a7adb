import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assertGraph } from '../../engine/graph/assert-graph.ts';
import {
  LiveGraph,
  checkReserve,
  fittingReserve,
  neighborsOf,
  saveCount,
  sizeOf,
  withReserve,
} from '../../engine/index.ts';
import { memoryBytesMax } from '../../engine/wasm/index.ts';
import { graphOf, smallGraph, someSaves } from '../graphs.ts';
import { normalForm } from '../normal-form.ts';
import { live, roomy, someLiveGraphs } from './live-model.ts';

const isFirst = (save: readonly number[], i: number, all: readonly (readonly number[])[]): boolean =>
  all.findIndex((other) => other[0] === save[0] && other[1] === save[1]) === i;

describe('a live graph', () => {
  test('a live graph has the normal form of a build of the same saves', () => {
    fc.assert(
      fc.property(someLiveGraphs, ({ graph, fresh }) => {
        assertGraph(graph.graph);
        expect(normalForm(graph.graph, graph.size)).toEqual(fresh);
        expect(saveCount(graph.graph)).toBe(saveCount(fresh));
      }),
      { numRuns: 300 },
    );
  });

  test('a live graph adds new pins, boards and users, and reports the remaining reserve', () => {
    const { pins, boards, users } = sizeOf(smallGraph);
    const graph = live(smallGraph, { slots: 9, pins: 2, boards: 2, users: 2 });
    expect(graph.remaining).toEqual({ slots: 9, pins: 2, boards: 2, users: 2 });
    expect(graph.addBoard(boards, users + 1)).toBe('added');
    expect(graph.addSave(boards, pins + 1)).toBe('added');
    expect(graph.size).toEqual({ pins: pins + 2, boards: boards + 1, users: users + 2 });
    expect(graph.remaining).toEqual({ slots: 5, pins: 0, boards: 1, users: 0 });
    expect([...neighborsOf(graph.graph.pinToBoard, pins + 1)]).toEqual([boards]);
    expect(graph.graph.boardToUser[boards]).toBe(users + 1);
    expect(graph.graph.boardToUser[boards + 1]).toBe(-1);
  });

  test('a live graph fills the last slots, then returns full and changes nothing', () => {
    const graph = live(smallGraph, { ...roomy, slots: 5 });
    // Pin 8 uses 4 slots in one direction, board 5 with its one pin 4 in the other.
    expect(graph.addSave(5, 8)).toBe('added');
    expect(graph.remaining.slots).toBe(1);
    const before = structuredClone(graph.graph);
    // Pin 8 has room, but board 4 with its two pins cannot move.
    expect(graph.addSave(4, 8)).toBe('full');
    expect(graph.graph).toEqual(before);
    // Both slices have room.
    expect(graph.removeSave(5, 0)).toBe(true);
    expect(graph.addSave(5, 0)).toBe('added');
    expect(graph.remaining.slots).toBe(1);
  });

  test('a live graph removes many saves at once with the outcome of removing them one by one', () => {
    fc.assert(
      fc.property(
        someSaves,
        fc.array(fc.tuple(fc.nat(12), fc.nat(15)), { maxLength: 100 }),
        (saves, gone) => {
          const [one, many] = [0, 1].map(() => live(graphOf(saves)));
          const removed = gone.filter(([board, pin]) => one!.removeSave(board, pin)).length;
          const boards = gone.map(([board]) => board);
          const pins = gone.map(([, pin]) => pin);
          expect(many!.removeSaves(boards, pins)).toBe(removed);
          assertGraph(many!.graph);
          expect(normalForm(many!.graph, many!.size)).toEqual(normalForm(one!.graph, one!.size));
          expect(many!.graph.writes).toEqual(one!.graph.writes);
        },
      ),
    );
  });

  test('a live graph adds many saves at once with the outcome of adding them one by one', () => {
    fc.assert(
      fc.property(
        someSaves,
        fc.array(fc.tuple(fc.nat(11), fc.nat(17)), { maxLength: 300 }),
        (saves, more) => {
          const [one, many] = [0, 1].map(() =>
            live(graphOf([...saves, [11, 14] as const].filter(isFirst)), { ...roomy, pins: 3, slots: 90 }),
          );
          const outcomes = more.map(([board, pin]) => one!.addSave(board, pin));
          const full = outcomes.indexOf('full');
          const [boards, pins] = [0, 1].map((side) => Int32Array.from(more, (save) => save[side]!));
          const done = full < 0 ? more.length : full;
          const added = outcomes.slice(0, done).filter((outcome) => outcome === 'added').length;
          expect(many!.addSaves(boards!, pins!)).toEqual({ done, added });
          if (full < 0) expect(many!.graph).toEqual(one!.graph);
        },
      ),
    );
  });

  test('a live graph rejects invalid indices, sizes and reserves', () => {
    const graph = live(smallGraph);
    const rejection = (field: string) => expect.objectContaining({ code: 'invalid-parameter', field });
    for (const index of [-1, 0.5, NaN, Infinity]) {
      expect(() => graph.addSave(0, index)).toThrow(rejection('pin'));
      expect(() => graph.addSave(index, 0)).toThrow(rejection('board'));
      expect(() => graph.addBoard(0, index)).toThrow(rejection('user'));
      expect([graph.hasSave(index, 0), graph.hasSave(0, index)]).toEqual([false, false]);
      expect([graph.removeSave(index, 0), graph.removeSave(0, index)]).toEqual([false, false]);
      expect(() => withReserve(smallGraph, { ...roomy, pins: index })).toThrow(rejection('reserve'));
    }
    expect(() => withReserve(smallGraph, { ...roomy, slots: 2 ** 30 })).toThrow(rejection('reserve'));
    expect(() => new LiveGraph(smallGraph, sizeOf(smallGraph))).toThrow(rejection('graph'));
    const size = { ...sizeOf(smallGraph), pins: 10 };
    expect(() => new LiveGraph(withReserve(smallGraph, { ...roomy, pins: 0 }), size)).toThrow(
      rejection('size'),
    );
  });

  test('a reserve that does not fit beside a large graph is cut to what fits', () => {
    const counts = fc.record({
      saves: fc.nat(1e9),
      pins: fc.nat(1e8),
      boards: fc.nat(1e8),
    });
    const reserves = fc.record({
      slots: fc.nat(4e9),
      pins: fc.nat(1e9),
      boards: fc.nat(1e9),
      users: fc.nat(1e9),
    });
    fc.assert(
      fc.property(counts, reserves, (used, reserve) => {
        const isWithin = (some: typeof reserve): boolean =>
          used.saves + some.slots + 2 * Math.max(used.pins + some.pins, used.boards + some.boards) <
          memoryBytesMax / 4;
        fc.pre(isWithin({ slots: 0, pins: 0, boards: 0, users: 0 }));
        const fitting = fittingReserve(reserve, used);
        checkReserve(fitting, used);
        if (isWithin(reserve)) expect(fitting).toEqual(reserve);
        else expect(fitting.slots).toBeGreaterThan(0);
      }),
    );
  });
});

import fc from 'fast-check';
import { expect } from 'vitest';
import {
  type GraphSize,
  type PinBoardGraph,
  type Reserve,
  LiveGraph,
  buildGraph,
  degreeOf,
  nodeCount,
  sharedInt32Array,
  sizeOf,
  withReserve,
} from '../../engine/index.ts';
import { graphOf, someSaves } from '../graphs.ts';

/** A reserve that suffices for most tests. */
export const roomy: Reserve = { slots: 1_000, pins: 5, boards: 4, users: 3 };

/** A live copy of a graph. */
export function live(graph: PinBoardGraph, reserve: Reserve = roomy): LiveGraph {
  return new LiveGraph(withReserve(graph, reserve), sizeOf(graph));
}

type Write = readonly ['add' | 'remove' | 'board', number, number];

/** Writes to 18 boards and 22 pins, some of which exceed the graphs of this test. */
const someWrites = fc.array(
  fc.tuple(
    fc.constantFrom('add', 'add', 'add', 'remove', 'board') satisfies fc.Arbitrary<Write[0]>,
    fc.nat(17),
    fc.nat(21),
  ),
  { maxLength: 200, size: 'max' },
);

/** A model of a live graph: pins by board, and owners. */
class Model {
  readonly pins = new Map<number, Set<number>>();
  readonly owners = new Map<number, number>();

  constructor(saves: readonly (readonly [number, number])[]) {
    for (const [board, pin] of saves) this.pinsOf(board).add(pin);
    for (let board = 0; board <= Math.max(...this.pins.keys()); board++) this.owners.set(board, board);
  }

  pinsOf(board: number): Set<number> {
    const pins = this.pins.get(board) ?? new Set();
    this.pins.set(board, pins);
    return pins;
  }

  /** A fresh build of the same saves. */
  build(size: GraphSize): PinBoardGraph {
    const saves = [...this.pins].flatMap(([board, pins]) => [...pins].map((pin) => [board, pin] as const));
    const boardToUser = sharedInt32Array(size.boards).fill(-1);
    for (const [board, user] of this.owners) boardToUser[board] = user;
    return buildGraph({
      boards: Int32Array.from(saves, ([board]) => board),
      pins: Int32Array.from(saves, ([, pin]) => pin),
      pinCount: size.pins,
      boardToUser,
      userCount: size.users,
    });
  }
}

/** Makes a write on both, and expects the same outcome. */
function write(graph: LiveGraph, model: Model, [kind, board, other]: Write): void {
  const { pinToBoard, boardToPin } = graph.graph;
  if (kind === 'board') {
    const hasRoom = board < nodeCount(boardToPin) && other < graph.graph.userCount;
    expect(graph.addBoard(board, other)).toBe(hasRoom ? 'added' : 'full');
    if (hasRoom) model.owners.set(board, other);
    return;
  }
  const existed = model.pinsOf(board).has(other);
  const writes = graph.graph.writes![0]!;
  if (kind === 'remove') {
    expect(graph.removeSave(board, other)).toBe(existed);
    model.pinsOf(board).delete(other);
    expect(graph.graph.writes![0]).toBe(writes + Number(existed));
    return;
  }
  if (other >= nodeCount(pinToBoard) || board >= nodeCount(boardToPin)) {
    expect(graph.addSave(board, other)).toBe('full');
    return;
  }
  if (!model.owners.has(board)) {
    expect(() => graph.addSave(board, other)).toThrow(expect.objectContaining({ field: 'board' }));
    return;
  }
  const degreeMax = Math.max(degreeOf(pinToBoard, other), degreeOf(boardToPin, board));
  const { slots } = graph.remaining;
  const outcome = graph.addSave(board, other);
  if (existed) expect(outcome).toBe('exists');
  else if (outcome === 'full') expect(slots).toBeLessThanOrEqual(degreeMax);
  else {
    expect(outcome).toBe('added');
    model.pinsOf(board).add(other);
  }
  expect(graph.graph.writes![0]).toBe(writes + Number(outcome === 'added'));
  expect(graph.hasSave(board, other)).toBe(outcome !== 'full');
}

/** A live graph after some writes, and a fresh build of the same saves. */
export const someLiveGraphs: fc.Arbitrary<{ graph: LiveGraph; fresh: PinBoardGraph }> = fc
  .tuple(someSaves, someWrites, fc.oneof(fc.nat(60), fc.constant(1_000)))
  .map(([saves, writes, slots]) => {
    const graph = live(graphOf(saves, 16), { ...roomy, slots });
    const model = new Model(saves);
    for (const each of writes) write(graph, model, each);
    return { graph, fresh: model.build(graph.size) };
  });

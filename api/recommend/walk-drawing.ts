import { type PinBoardGraph, type PinIndex, neighborsOf } from '../../engine/graph/index.ts';
import type { Store } from '../../graph-data/database/index.ts';
import { type NodeRef, nodeKey, walkedNodes } from '../../graph-data/graphology/index.ts';
import type { LoadedSnapshot } from '../../graph-data/snapshot/index.ts';
import type { DrawnNode, DrawnWay, WalkResponse, WalkedItem } from '../contract/index.ts';
import { type Way, waysTo } from './walked-ways.ts';
import type { WalkDiagnostics } from './walk-diagnostics.ts';

/** The part of the graph that a walk visited most. */
interface WalkDrawing extends Pick<WalkResponse, 'nodes' | 'edges' | 'edgesLeftOut'> {
  /** The position of each item of the list in `nodes`, and the paths to it, most walked first. */
  readonly items: readonly Pick<WalkedItem, 'node' | 'ways'>[];
}

export const drawnNodesMax = 2_000;
export const drawnNodesDefault = 300;

/** More would be a grey area, and slow to lay out. */
const edgesPerNode = 5;

/**
 * The part of a walk to draw, at most `nodesMax` nodes: half for the query's pins, the items and the ways to
 * these, as far as they have room; the rest where the walk visited most (`walkedNodes`). All saves between
 * them, up to five for each node: those of the ways first, then from every board to its most visited pins, in
 * turn.
 */
export function drawWalk(
  { graph }: LoadedSnapshot,
  store: Store,
  diagnostics: WalkDiagnostics,
  nodesMax: number,
): WalkDrawing {
  const { result, queryPins, trace } = diagnostics;
  const { pinVisits, boardVisits } = trace;
  const items = result.items.map(({ pin, board }): NodeRef | undefined => {
    const [kind, key] = pin === undefined ? (['board', board] as const) : (['pin', pin] as const);
    const index = key === undefined ? undefined : store.indexOf(`${kind}s`, key);
    return index === undefined ? undefined : { kind, index };
  });
  const taken = new Nodes(store, diagnostics);
  const room = Math.ceil(nodesMax / 2);
  for (const { index } of queryPins.slice(0, Math.ceil(room / 2))) taken.add([{ kind: 'pin', index }], room);
  for (const item of items) if (item !== undefined) taken.add([item], room);
  const ways = waysTo(store, diagnostics);
  const longest = ways.reduce((most, { length }) => Math.max(most, length), 0);
  // In turn, so that no item has all the room.
  for (let i = 0; i < longest; i++) for (const each of ways) taken.add(each[i]?.nodes ?? [], room);
  const rest = walkedNodes(graph, {
    queryPins: queryPins.map(({ index }) => index),
    pinVisits,
    boardVisits,
    nodesMax,
    first: taken.refs,
  });
  for (const node of rest) taken.add([node], nodesMax);
  const drawnWays = ways.map((each) => drawn(each, taken));
  return {
    nodes: taken.list,
    ...edgesOf(graph, taken, drawnWays),
    items: items.map((item, i) => ({ node: (item && taken.placeOf(item)) ?? null, ways: drawnWays[i]! })),
  };
}

function drawn(ways: readonly Way[], taken: Nodes): DrawnWay[] {
  return ways.flatMap(({ nodes, walked }) => {
    const places = nodes.map((node) => taken.placeOf(node));
    return places.every((place) => place !== undefined) ? [{ nodes: places, walked }] : [];
  });
}

/** The nodes of a drawing, in the order in which they were taken, each once. */
class Nodes {
  readonly list: DrawnNode[] = [];
  readonly refs: NodeRef[] = [];
  readonly #places = new Map<string, number>();
  readonly #store: Store;
  readonly #trace: WalkDiagnostics['trace'];

  constructor(store: Store, { trace }: WalkDiagnostics) {
    this.#store = store;
    this.#trace = trace;
  }

  placeOf({ kind, index }: NodeRef): number | undefined {
    return this.#places.get(nodeKey(kind, index));
  }

  /** All of them or, when `listMax` would be exceeded or one has been removed since the build, none. */
  add(nodes: readonly NodeRef[], listMax: number): void {
    const more = nodes.filter((node) => this.placeOf(node) === undefined);
    if (this.list.length + more.length > listMax) return;
    const rows = more.map(({ kind, index }) => this.#store.nodeAt(kind === 'pin' ? 'pins' : 'boards', index));
    if (rows.includes(undefined)) return;
    for (const [i, node] of more.entries()) {
      const { kind, index } = node;
      const { key, title } = rows[i]!;
      const visits = kind === 'pin' ? this.#trace.pinVisits : this.#trace.boardVisits;
      this.#places.set(nodeKey(kind, index), this.list.length);
      this.refs.push(node);
      this.list.push({ kind, key, title: title ?? null, visits: visits.visitCountOf(index) });
    }
  }
}

function edgesOf(
  graph: PinBoardGraph,
  { list, refs }: Nodes,
  ways: readonly (readonly DrawnWay[])[],
): Pick<WalkDrawing, 'edges' | 'edgesLeftOut'> {
  const edges = new Map<number, readonly [number, number]>();
  const keyOf = (pin: number, board: number): number => pin * list.length + board;
  for (const { nodes } of ways.flat()) {
    for (let i = 1; i < nodes.length; i++) {
      const [pin, board] = i % 2 === 1 ? [nodes[i - 1]!, nodes[i]!] : [nodes[i]!, nodes[i - 1]!];
      edges.set(keyOf(pin, board), [pin, board]);
    }
  }
  const places = new Map<PinIndex, number>();
  for (const [place, { kind, index }] of refs.entries()) if (kind === 'pin') places.set(index, place);
  const pinsOf = refs.flatMap(({ kind, index }, board) => {
    if (kind === 'pin') return [];
    const pins = [...neighborsOf(graph.boardToPin, index)].flatMap((pin) => places.get(pin) ?? []);
    return [{ board, pins: pins.toSorted((a, b) => list[b]!.visits - list[a]!.visits || a - b) }];
  });
  const edgesMax = Math.max(edges.size, edgesPerNode * list.length);
  const longest = pinsOf.reduce((most, { pins }) => Math.max(most, pins.length), 0);
  let leftOut = 0;
  for (let i = 0; i < longest; i++) {
    for (const { board, pins } of pinsOf) {
      const pin = pins[i];
      if (pin === undefined || edges.has(keyOf(pin, board))) continue;
      if (edges.size < edgesMax) edges.set(keyOf(pin, board), [pin, board]);
      else leftOut++;
    }
  }
  return { edges: [...edges.values()], edgesLeftOut: leftOut };
}

import { UndirectedGraph } from 'graphology';
import { EngineError } from '../../engine/base/index.ts';
import {
  type PinBoardGraph,
  type PinIndex,
  neighborsOf,
  nodeCount,
  saveCount,
} from '../../engine/graph/index.ts';
import type { PinwalkGraphology } from './graphology-view.ts';
import { type NodeRef, edgeKey, nodeKey } from './node-keys.ts';
import { type AttributeOptions, nodeAttributes } from './records.ts';

/** The part of the graph to copy. */
interface Around {
  /** The pins to start from. */
  readonly pins: readonly PinIndex[];
  /** Distance in hops: 1 includes the pins' boards, 2 also the other pins on them. */
  readonly radius: number;
  /** Maximum number of nodes, at least 1; the nearest are taken first. */
  readonly nodesMax: number;
}

interface GraphologyOptions extends AttributeOptions {
  /** Default: the whole graph. */
  readonly around?: Around | undefined;
  /** Exactly these distinct nodes, instead of `around`. */
  readonly nodes?: readonly NodeRef[] | undefined;
}

/** Maximum size of a JavaScript Map, in which Graphology stores its edges. */
const edgesMax = 2 ** 24;

/**
 * Copies the graph, or the neighborhood of some pins with all saves between its nodes, into a mutable Graphology graph
 * with the keys and attributes of {@link graphologyView}.
 *
 * O(nodes + saves copied): about 610 bytes and 15 µs per save, measured on the sample graph by `npm run bench --
 * graphology`. For a large graph, prefer the view. Throws `invalid-parameter` for unknown pins, and for more saves than
 * Graphology can hold.
 */
export function toGraphology(graph: PinBoardGraph, options: GraphologyOptions = {}): PinwalkGraphology {
  const { around } = options;
  const result: PinwalkGraphology = new UndirectedGraph({ allowSelfLoops: false });
  if (around === undefined && options.nodes === undefined && saveCount(graph) > edgesMax) {
    fail('around', `Graphology holds at most ${edgesMax} edges: copy a neighborhood, or use graphologyView`);
  }
  const nodes = options.nodes ?? (around === undefined ? allNodes(graph) : neighborhood(graph, around));
  const boards: number[] = [];
  for (const { kind, index } of nodes) {
    result.addNode(nodeKey(kind, index), nodeAttributes(options, kind, index));
    if (kind === 'board') boards.push(index);
  }
  for (const board of boards) {
    for (const pin of neighborsOf(graph.boardToPin, board)) {
      const source = nodeKey('pin', pin);
      if (!result.hasNode(source)) continue;
      const attributes = { ...options.saveAttributes?.(pin, board) };
      result.addUndirectedEdgeWithKey(edgeKey(pin, board), source, nodeKey('board', board), attributes);
    }
  }
  return result;
}

function* allNodes({ pinToBoard, boardToPin }: PinBoardGraph): Generator<NodeRef> {
  for (let index = 0; index < nodeCount(pinToBoard); index++) yield { kind: 'pin', index };
  for (let index = 0; index < nodeCount(boardToPin); index++) yield { kind: 'board', index };
}

/** Breadth-first search from the pins. */
function neighborhood(graph: PinBoardGraph, { pins, radius, nodesMax }: Around): NodeRef[] {
  if (!Number.isInteger(radius) || radius < 0) fail('radius', `radius must be 0 or more, not ${radius}`);
  if (!Number.isInteger(nodesMax) || nodesMax < 1) fail('nodesMax', `nodesMax must be 1 or more`);
  const unknown = pins.find((pin) => !(pin in graph.pinToBoard.slices) || pin >= nodeCount(graph.pinToBoard));
  if (unknown !== undefined) fail('pins', `the graph has no pin ${unknown}`);

  const found: NodeRef[] = [];
  const seen = new Set<string>();
  const visit = (kind: NodeRef['kind'], index: number): void => {
    const key = nodeKey(kind, index);
    if (found.length === nodesMax || seen.has(key)) return;
    seen.add(key);
    found.push({ kind, index });
  };
  for (const pin of pins) visit('pin', pin);
  let from = 0;
  for (let hop = 0; hop < radius && from < found.length; hop++) {
    for (const to = found.length; from < to && found.length < nodesMax; from++) {
      const { kind, index } = found[from]!;
      const [adjacency, neighborKind] =
        kind === 'pin' ? ([graph.pinToBoard, 'board'] as const) : ([graph.boardToPin, 'pin'] as const);
      for (const neighbor of neighborsOf(adjacency, index)) visit(neighborKind, neighbor);
    }
  }
  return found;
}

function fail(field: string, message: string): never {
  throw new EngineError('invalid-parameter', field, message);
}

import {
  type Adjacency,
  type ContentLinks,
  type Engine,
  type Params,
  type Query,
  type ScoredPin,
  type VirtualSavesParams,
  TopPins,
  VirtualSaves,
  degreeOf,
  neighborsOf,
  nodeCount,
} from '../../../engine/index.ts';

/** Length of the lists. */
const k = 100;

/** One way to rank: a walk, content links and the parameters of virtual saves. */
export interface Ranker {
  /** Parameters of `paths`; null for no walk, content alone. */
  readonly walk: Params | null;
  readonly links: ContentLinks;
  readonly params: Partial<VirtualSavesParams>;
}

/** The pins that a board should find: a part of its held-out pins, among the pins of a list. */
export interface Goal {
  readonly isRelevant: (pin: number) => boolean;
  readonly isListed: (pin: number) => boolean;
}

/** The boards with saves of which held-out pins of a goal are to be found. */
export function boardsWith(engine: Engine, heldOut: Adjacency, { isRelevant }: Goal): number[] {
  const boards: number[] = [];
  const { boardToPin } = engine.graph;
  for (let board = 0; board < Math.min(nodeCount(boardToPin), nodeCount(heldOut)); board++) {
    const isQuery = degreeOf(boardToPin, board) > 0 && neighborsOf(heldOut, board).some(isRelevant);
    if (isQuery) boards.push(board);
  }
  return boards;
}

/**
 * Recall@100 by ranker and board: the share of a board's relevant held-out pins that its list has. The boards' pins are the
 * query; a walk that several rankers share runs once a board.
 */
export function recallsOf(
  engine: Engine,
  heldOut: Adjacency,
  boards: readonly number[],
  { isRelevant, isListed }: Goal,
  rankers: readonly Ranker[],
): Float64Array[] {
  const recalls = rankers.map(() => new Float64Array(boards.length));
  const byLinks = new Map(rankers.map(({ links }) => [links, new VirtualSaves(engine.graph, links)]));
  const pinCount = nodeCount(engine.graph.pinToBoard);
  for (const [i, board] of boards.entries()) {
    const pins = [...neighborsOf(engine.graph.boardToPin, board)];
    const query: Query = { pins, weights: pins.map(() => 1), includeQueryPins: true };
    const relevant = new Set(neighborsOf(heldOut, board).filter(isRelevant));
    const walks = new Map<Params | null, ScoredPin[]>([[null, []]]);
    for (const [r, { walk, links, params }] of rankers.entries()) {
      const found = walks.get(walk) ?? walkOf(engine, query, walk!, pinCount);
      walks.set(walk, found);
      const top = new TopPins(k);
      byLinks.get(links)!.offer(found, query, params, top, (pin) => !isListed(pin));
      const hits = top.drain().filter(({ pin }) => relevant.has(pin)).length;
      recalls[r]![i] = hits / relevant.size;
    }
  }
  return recalls;
}

function walkOf(engine: Engine, query: Query, params: Params, pinCount: number): ScoredPin[] {
  const top = new TopPins(pinCount);
  engine.recommend('paths', query, params, 1, top);
  return top.drain().filter(({ score }) => score > 0);
}

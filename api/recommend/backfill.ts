import {
  type Engine,
  type IsExcluded,
  type Params,
  type Query,
  type ScoredPin,
  type Target,
  TopPins,
  neighborsOf,
  nodeCount,
} from '../../engine/index.ts';

/** Everything that some 200,000 boards reach from the query. */
const widerParams: Params = { restartProbability: 0.3, residualMax: 1e-9, boardsMax: 200_000 };

/**
 * What a walk missed, looked for without chance, for answers that came back short: pins by personalised PageRank;
 * boards by what their pins bring them, which share their scores among their boards; users by their boards. The
 * `itemsMax` best that are not excluded. O(edges within reach).
 */
export function widen(
  engine: Engine,
  query: Query,
  target: Target,
  itemsMax: number,
  isExcluded: IsExcluded,
): ScoredPin[] {
  const { pinToBoard, boardToPin, boardToUser } = engine.graph;
  const top = new TopPins(itemsMax);
  if (target === 'pins') {
    engine.recommend('ppr', query, widerParams, 0, top, isExcluded);
    return top.drain();
  }
  const reached = new TopPins(nodeCount(pinToBoard));
  engine.recommend('ppr', { ...query, includeQueryPins: true }, widerParams, 0, reached);
  const scores = new Float64Array(target === 'boards' ? nodeCount(boardToPin) : engine.graph.userCount);
  for (const { pin, score } of reached.drain()) {
    const boards = neighborsOf(pinToBoard, pin);
    const share = score / boards.length;
    for (const board of boards) {
      scores[target === 'boards' ? board : boardToUser[board]!]! += share;
    }
  }
  for (const [node, score] of scores.entries()) {
    if (score > 0 && top.wouldKeep(node, score) && !isExcluded(node)) top.offer(node, score);
  }
  return top.drain();
}

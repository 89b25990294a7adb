import type { Engine, Params } from './algorithms.ts';
import { type Work, prices } from '../base/index.ts';
import { type NodeKind, neighborsOf, nodeCount } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { type IsExcluded, type ScoredPin, TopPins } from '../rank/index.ts';
import { targetCount } from './popular-nodes.ts';

/** Everything that some 200,000 boards reach from the query. */
const widerParams: Params = { restartProbability: 0.3, residualMax: 1e-9, boardsMax: 200_000 };

/**
 * What an algorithm missed, found without chance, to go below what it `found`: pins by personalised PageRank; boards by
 * what their pins bring them, each pin sharing its score among its boards; users by their boards. The `itemsMax` best that
 * are neither found already nor excluded, their scores cut to the lowest found, as they are of another kind. O(edges
 * within reach); less when `work` ends before.
 */
export function backfill(
  engine: Engine,
  query: Query,
  target: NodeKind,
  itemsMax: number,
  found: readonly ScoredPin[],
  isExcluded: IsExcluded,
  work: Work,
): ScoredPin[] {
  const known = new Set(found.map(({ pin }) => pin));
  const lowest = found.at(-1)?.score ?? Infinity;
  const top = new TopPins(itemsMax);
  const isTaken: IsExcluded = (node) => known.has(node) || isExcluded(node);
  if (target === 'pins') engine.recommend('ppr', query, widerParams, 0, top, isTaken, { work });
  else offerHolders(engine, query, target, top, isTaken, work);
  return top.drain().map(({ pin, score }) => ({ pin, score: Math.min(score, lowest) }));
}

function offerHolders(
  engine: Engine,
  query: Query,
  target: Exclude<NodeKind, 'pins'>,
  top: TopPins,
  isTaken: IsExcluded,
  work: Work,
): void {
  const { pinToBoard, boardToUser } = engine.graph;
  const reached = new TopPins(nodeCount(pinToBoard));
  const holders = { ...query, includeQueryPins: true };
  const { candidates } = engine.recommend('ppr', holders, widerParams, 0, reached, undefined, { work });
  const scores = new Float64Array(targetCount(engine.graph, target));
  work.count(candidates, prices.candidate);
  work.count(scores.length, prices.node);
  for (const { pin, score } of reached.drain()) {
    const boards = neighborsOf(pinToBoard, pin);
    if (work.take(boards.length, prices.edge) < boards.length) break;
    const share = score / boards.length;
    for (const board of boards) scores[target === 'boards' ? board : boardToUser[board]!]! += share;
  }
  for (const [node, score] of scores.entries()) {
    if (score > 0 && top.wouldKeep(node, score) && !isTaken(node)) top.offer(node, score);
  }
}

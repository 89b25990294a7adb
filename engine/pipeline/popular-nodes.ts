import type { Engine, Stats } from './algorithms.ts';
import { type Work, prices } from '../base/index.ts';
import { type NodeKind, type PinBoardGraph, degreeOf, nodeCount } from '../graph/index.ts';
import { type IsExcluded, type ScoredPin, TopPins } from '../rank/index.ts';

/** Nodes, each with its number of saves. */
export type SaveCounts = readonly (readonly [node: number, saves: number])[];

/** Nodes of the target kind that a graph has room for. */
export function targetCount({ pinToBoard, boardToPin, userCount }: PinBoardGraph, target: NodeKind): number {
  if (target === 'users') return userCount;
  return nodeCount(target === 'pins' ? pinToBoard : boardToPin);
}

/**
 * The most saved nodes of a kind that are not excluded: pins by boards, boards by pins, users by saves; by `recent` where
 * it is given, else by the whole graph. O(boards), for pins O(1) after the first time.
 */
export function popularNodes(
  engine: Engine,
  target: NodeKind,
  k: number,
  isExcluded: IsExcluded,
  recent: SaveCounts | undefined,
  work: Work,
): { readonly stats: Stats; readonly found: ScoredPin[] } {
  const { graph } = engine;
  const top = new TopPins(k);
  if (target === 'pins' && recent === undefined) {
    const stats = engine.popular(top, isExcluded, work);
    return { stats, found: top.drain() };
  }
  let candidates = 0;
  const counts = recent ?? savesOf(graph, target, work).entries();
  let left = work.take(recent?.length ?? targetCount(graph, target), prices.node);
  for (const [node, saves] of counts) {
    if (left-- === 0) break;
    if (saves === 0 || node >= targetCount(graph, target)) continue;
    if (target === 'pins' && degreeOf(graph.pinToBoard, node) === 0) continue;
    candidates++;
    if (top.wouldKeep(node, saves) && !isExcluded(node)) top.offer(node, saves);
  }
  return { stats: { candidates }, found: top.drain() };
}

/** Saves of each board or user, by index. */
function savesOf(graph: PinBoardGraph, target: NodeKind, work: Work): Float64Array {
  const saves = new Float64Array(targetCount(graph, target));
  const boards = work.take(nodeCount(graph.boardToPin), prices.node, 1 / 2);
  for (let board = 0; board < boards; board++) {
    const degree = degreeOf(graph.boardToPin, board);
    if (degree > 0) saves[target === 'boards' ? board : graph.boardToUser[board]!]! += degree;
  }
  return saves;
}

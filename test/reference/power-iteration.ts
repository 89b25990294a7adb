import { type PinBoardGraph, neighborsOf, nodeCount } from '../../engine/index.ts';

/**
 * The readable twin of `globalPageRank`, by power iteration. Pins first, then boards.
 */
export function powerIteration(graph: PinBoardGraph, dampingFactor: number, rounds: number): number[] {
  const pinCount = nodeCount(graph.pinToBoard);
  const boardCount = nodeCount(graph.boardToPin);
  const neighbors = [
    ...Array.from({ length: pinCount }, (_, pin) =>
      [...neighborsOf(graph.pinToBoard, pin)].map((board) => pinCount + board),
    ),
    ...Array.from({ length: boardCount }, (_, board) => [...neighborsOf(graph.boardToPin, board)]),
  ];
  let shares = neighbors.map(() => 1 / neighbors.length);
  for (let round = 0; round < rounds; round++) {
    const next = neighbors.map(() => 0);
    let teleported = 0;
    for (const [node, share] of shares.entries()) {
      const targets = neighbors[node]!;
      teleported += targets.length === 0 ? share : (1 - dampingFactor) * share;
      for (const target of targets) next[target]! += (dampingFactor * share) / targets.length;
    }
    shares = next.map((share) => share + teleported / next.length);
  }
  return shares;
}

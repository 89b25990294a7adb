import { type PinBoardGraph, neighborsOf, nodeCount } from '../../engine/index.ts';

/**
 * The readable twin of `globalPageRank`: the walker's distribution, pushed along the saves round after round.
 * Pins first, then boards.
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
    let jumping = 0;
    for (const [node, share] of shares.entries()) {
      const ways = neighbors[node]!;
      jumping += ways.length === 0 ? share : (1 - dampingFactor) * share;
      for (const way of ways) next[way]! += (dampingFactor * share) / ways.length;
    }
    shares = next.map((share) => share + jumping / next.length);
  }
  return shares;
}

import {
  type Adjacency,
  type AlgorithmName,
  type Params,
  type PinBoardGraph,
  Engine,
  TopPins,
  degreeOf,
  neighborsOf,
} from '../../engine/index.ts';

/** Some boards to recommend for. Graphs are shared memory: nothing is copied. */
export interface Task {
  readonly graph: PinBoardGraph;
  /** The pins on each board, to ask with. */
  readonly known: Adjacency;
  readonly boards: Int32Array;
  readonly algorithm: AlgorithmName;
  readonly params: Params;
  readonly randomSeed: number;
  readonly k: number;
}

/** Answers in the order of the task's boards. */
export interface TaskResult {
  /** k pins a board, best first, -1 where there are no more. */
  readonly pins: Int32Array;
  readonly ms: Float64Array;
}

let engine: Engine | undefined;

/** Runs in a worker thread: the k best pins for each board, from all pins on it, weighted alike. */
export default function recommendForBoards(task: Task): TaskResult {
  const { graph, known, boards, algorithm, params, randomSeed, k } = task;
  if (engine?.graph.boardToPin.neighbors.buffer !== graph.boardToPin.neighbors.buffer)
    engine = new Engine(graph);
  const pins = new Int32Array(boards.length * k).fill(-1);
  const ms = new Float64Array(boards.length);
  for (const [i, board] of boards.entries()) {
    if (degreeOf(known, board) === 0) continue;
    const queryPins = [...neighborsOf(known, board)];
    const top = new TopPins(k);
    const started = performance.now();
    engine.recommend(
      algorithm,
      { pins: queryPins, weights: queryPins.map(() => 1) },
      params,
      randomSeed,
      top,
    );
    const best = top.drain();
    ms[i] = performance.now() - started;
    for (const [place, { pin }] of best.entries()) pins[i * k + place] = pin;
  }
  return { pins, ms };
}

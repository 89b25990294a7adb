import {
  type Adjacency,
  type AlgorithmName,
  type Params,
  type PinBoardGraph,
  type RandomStream,
  Engine,
  TopPins,
  degreeOf,
  neighborsOf,
  nextBelow,
  randomStream,
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
  /** Pins of the board to ask with, chosen by the seed; all of them when it has fewer. */
  readonly queryPins: number;
}

/** Answers in the order of the task's boards. */
export interface TaskResult {
  /** k pins a board, best first, -1 where there are no more. */
  readonly pins: Int32Array;
  readonly ms: Float64Array;
}

/** Of each board's random streams, the one that chooses query pins. */
const queryStream = 0x4000_0003;

let engine: Engine | undefined;

/** Runs in a worker thread: the k best pins that each board lacks, from pins on it, weighted alike. */
export default function recommendForBoards(task: Task): TaskResult {
  const { graph, known, boards, algorithm, params, randomSeed, k } = task;
  if (engine?.graph.boardToPin.neighbors.buffer !== graph.boardToPin.neighbors.buffer)
    engine = new Engine(graph);
  const pins = new Int32Array(boards.length * k).fill(-1);
  const ms = new Float64Array(boards.length);
  for (const [i, board] of boards.entries()) {
    if (degreeOf(known, board) === 0) continue;
    const own = new Set(neighborsOf(known, board));
    const queryPins = someOf([...own], task.queryPins, randomStream(randomSeed, board, queryStream));
    const isOwn = queryPins.length < own.size ? (pin: number) => own.has(pin) : undefined;
    const query = { pins: queryPins, weights: queryPins.map(() => 1) };
    const top = new TopPins(k);
    const started = performance.now();
    engine.recommend(algorithm, query, params, randomSeed, top, isOwn);
    const best = top.drain();
    ms[i] = performance.now() - started;
    for (const [place, { pin }] of best.entries()) pins[i * k + place] = pin;
  }
  return { pins, ms };
}

/** `count` of the values at random, all of them when there are no more. */
function someOf(values: readonly number[], count: number, random: RandomStream): number[] {
  const left = [...values];
  for (let i = 0; i < Math.min(count, left.length); i++) {
    const other = i + nextBelow(random, left.length - i);
    [left[i], left[other]] = [left[other]!, left[i]!];
  }
  return left.slice(0, count);
}

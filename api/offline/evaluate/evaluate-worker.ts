import {
  type Adjacency,
  type AlgorithmName,
  type IsExcluded,
  type Params,
  type PinBoardGraph,
  type RandomStream,
  type ReasonScratch,
  Engine,
  TopPins,
  createReasonScratch,
  degreeOf,
  diversityByBoards,
  findReasons,
  neighborsOf,
  nextBelow,
  nodeCount,
  randomStream,
  sampleNegatives,
} from '../../../engine/index.ts';

/** Some boards to recommend for. Graphs are shared memory: nothing is copied. */
export interface Task {
  /** Tells the graphs of a pool apart. */
  readonly graphNumber: number;
  readonly graph: PinBoardGraph;
  /** The pins on each board, to ask with. */
  readonly known: Adjacency;
  /** The pins to be found, which are ranked among the negatives when these are sampled. */
  readonly heldOut: Adjacency;
  readonly boards: Int32Array;
  readonly algorithm: AlgorithmName;
  readonly params: Params;
  /** Seed of what is asked: query pins and negatives. */
  readonly randomSeed: number;
  /** Seed of the algorithm. */
  readonly walkSeed: number;
  readonly k: number;
  /** Pins of the board to ask with, chosen by the seed; all of them when it has fewer. */
  readonly queryPins: number;
  /** Rank the held-out pins among so many others, drawn by the seed; undefined to rank all. */
  readonly negatives: number | undefined;
  /** Whether to find how strong the reasons of the recommended pins are. */
  readonly reasons: boolean;
}

/** Answers in the order of the task's boards. */
export interface TaskResult {
  /** k pins a board, best first, -1 where there are no more. */
  readonly pins: Int32Array;
  /** Diversity of each list; NaN for one of fewer than two pins. */
  readonly diversity: Float64Array;
  readonly ms: Float64Array;
  /** Where it was asked for: the strength of each pin's reason, see {@link ReasonGroup}. */
  readonly strengths?: Int32Array;
}

/** Of each board's random streams, the one that chooses query pins, and the one that draws negatives. */
const queryStream = 0x4000_0003;
const negativesStream = 0x4000_0004;

/** What a thread keeps from task to task, of one graph. */
interface Kept {
  readonly graphNumber: number;
  readonly engine: Engine;
  /** Pins with a save. */
  readonly savedPins: Int32Array;
  /** Scratch of {@link diversityByBoards}. */
  readonly weights: Float64Array;
  readonly reasonScratch: ReasonScratch;
}

let kept: Kept | undefined;

/** Runs in a worker thread: the k best pins that each board lacks, from pins on it, weighted alike. */
export default function recommendForBoards(task: Task): TaskResult {
  const { graph, known, boards, algorithm, params, randomSeed, walkSeed, k } = task;
  if (kept?.graphNumber !== task.graphNumber) kept = keep(graph, task.graphNumber);
  const { engine, savedPins, weights, reasonScratch } = kept;
  const pins = new Int32Array(boards.length * k).fill(-1);
  const diversity = new Float64Array(boards.length).fill(NaN);
  const ms = new Float64Array(boards.length);
  const strengths = task.reasons ? new Int32Array(boards.length * k) : undefined;
  for (const [i, board] of boards.entries()) {
    const own = new Set(neighborsOf(known, board));
    const queryPins = someOf([...own], task.queryPins, randomStream(randomSeed, board, queryStream));
    let isExcluded: IsExcluded | undefined;
    if (task.negatives !== undefined) isExcluded = allBut(candidatesOf(task, board, own, savedPins));
    else if (queryPins.length < own.size) isExcluded = (pin) => own.has(pin);
    const query = { pins: queryPins, weights: queryPins.map(() => 1) };
    const top = new TopPins(k);
    const started = performance.now();
    engine.recommend(algorithm, query, params, walkSeed, top, isExcluded);
    const best = top.drain();
    ms[i] = performance.now() - started;
    const list = Int32Array.from(best, ({ pin }) => pin);
    pins.set(list, i * k);
    diversity[i] = diversityByBoards(list, graph.pinToBoard, weights);
    const reasons = strengths === undefined ? [] : findReasons(graph, query, Array.from(list), reasonScratch);
    for (const [place, { via }] of reasons.entries())
      strengths![i * k + place] = via.reduce((sum, { paths }) => sum + paths, 0);
  }
  return { pins, diversity, ms, ...(strengths !== undefined && { strengths }) };
}

function keep(graph: PinBoardGraph, graphNumber: number): Kept {
  const { pinToBoard, boardToPin } = graph;
  const pins = Int32Array.from({ length: nodeCount(pinToBoard) }, (_, pin) => pin);
  return {
    graphNumber,
    engine: new Engine(graph),
    savedPins: pins.filter((pin) => degreeOf(pinToBoard, pin) > 0),
    weights: new Float64Array(nodeCount(boardToPin)),
    reasonScratch: createReasonScratch(),
  };
}

/** The held-out pins of a board and the negatives to rank them among: pins that it has in neither part. */
function candidatesOf(
  { graph, heldOut, negatives = 0, randomSeed }: Task,
  board: number,
  own: ReadonlySet<number>,
  savedPins: Int32Array,
): Set<number> {
  const relevant = new Set(neighborsOf(heldOut, board));
  const taken = new Set([...own, ...relevant]);
  const isSaved = (pin: number): boolean =>
    pin < nodeCount(graph.pinToBoard) && degreeOf(graph.pinToBoard, pin) > 0;
  const takenCount = [...taken].filter(isSaved).length;
  const random = randomStream(randomSeed, board, negativesStream);
  const drawn = sampleNegatives(savedPins, (pin) => taken.has(pin), takenCount, negatives, random);
  return new Set([...relevant, ...drawn]);
}

function allBut(candidates: ReadonlySet<number>): IsExcluded {
  return (pin) => !candidates.has(pin);
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

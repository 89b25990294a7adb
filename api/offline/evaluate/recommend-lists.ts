import {
  type Adjacency,
  type Pipeline,
  type PinBoardGraph,
  type RecommendedLists,
  type SaveSplit,
  EngineError,
  degreeOf,
  nextBelow,
  nodeCount,
  randomStream,
} from '../../../engine/index.ts';
import { DataError } from '../../../graph-data/index.ts';
import type { TaskResult } from './evaluate-worker.ts';
import { EvaluationPool } from './evaluation-pool.ts';

/** How lists are made. */
export interface ListOptions {
  /** Length of each list. */
  readonly k: number;
  /** Seed of the walks, of query pins and of negatives. */
  readonly randomSeed: number;
  /** Another seed for the walks alone. */
  readonly walkSeed?: number;
  readonly threads: number;
  /** Threads to use; by default, new ones that end with the call. */
  readonly pool?: EvaluationPool | undefined;
  /** Query pins of each user; Infinity for the whole history. */
  readonly queryPins: number;
  /** Rank held-out pins among this many sampled ones instead of all pins. */
  readonly negatives?: number | undefined;
  /** The pins of each board, when these are not those of the graph that is walked. */
  readonly known?: Adjacency | undefined;
  /** Whether to measure the strength of reasons; not part of the times. Default: no. */
  readonly reasons?: boolean | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The lists of all evaluated boards, and what they took. */
export interface EvaluatedLists extends RecommendedLists {
  /** Diversity of each list; NaN for one of fewer than two pins. */
  readonly diversity: Float64Array;
  /** With `reasons`, by place in `pins`: the strength of each pin's reason, see {@link ReasonGroup}. */
  readonly strengths?: Int32Array;
  /** Milliseconds of each query. */
  readonly ms: Float64Array;
  /** Wall time of all on all threads. */
  readonly seconds: number;
}

/** Few enough for frequent progress. */
const boardsPerTaskMax = 256;
/** Enough that no thread waits long for the last one. */
const tasksPerThread = 16;

/**
 * Runs a pipeline for some boards: the k best of all pins that a board's known part lacks, as a server would answer a
 * request for that board; where every user has one board, for that user. Threads share the graph. Same split, pipeline and
 * seeds: same lists in the same order, whatever the number of threads.
 */
export async function recommendLists(
  { train: graph, heldOut, savedAt }: SaveSplit,
  boards: Int32Array,
  pipeline: Pipeline,
  options: ListOptions,
): Promise<EvaluatedLists> {
  const { k, randomSeed, walkSeed = randomSeed, queryPins, negatives, reasons = false, onProgress } = options;
  if (pipeline.candidates.windowDays > 0 && savedAt === undefined) {
    throw new EngineError('invalid-parameter', 'windowDays', 'windowDays: the saves have no times');
  }
  const pool = options.pool ?? new EvaluationPool(options.threads);
  const boardsPerTask = Math.min(
    boardsPerTaskMax,
    Math.ceil(boards.length / (tasksPerThread * pool.threads)),
  );
  const task = {
    graph,
    known: options.known ?? graph.boardToPin,
    savedAt: options.known === undefined ? savedAt : undefined,
    areUsers: areUsers(graph),
    heldOut,
    // Sampled candidates are too few to fill a list, and are not to be joined by others.
    pipeline: negatives === undefined ? pipeline : { ...pipeline, fallback: { backfill: false } },
    randomSeed,
    walkSeed,
    k,
    queryPins,
    negatives,
    reasons,
  };
  try {
    const started = performance.now();
    let done = 0;
    onProgress?.(done, boards.length);
    const tasks = Array.from({ length: Math.ceil(boards.length / boardsPerTask) }, async (_, i) => {
      const some = boards.slice(i * boardsPerTask, (i + 1) * boardsPerTask);
      const result = await pool.run({ ...task, boards: some });
      onProgress?.((done += some.length), boards.length);
      return result;
    });
    const results = await Promise.all(tasks);
    const seconds = (performance.now() - started) / 1000;
    const pins = new Int32Array(boards.length * k);
    for (const [i, result] of results.entries()) pins.set(result.pins, i * boardsPerTask * k);
    const strengths = reasons ? new Int32Array(boards.length * k) : undefined;
    for (const [i, result] of results.entries()) strengths?.set(result.strengths!, i * boardsPerTask * k);
    const joined = (of: (result: TaskResult) => Float64Array): Float64Array =>
      Float64Array.from(results.flatMap((result) => Array.from(of(result))));
    const [diversity, ms] = [joined((result) => result.diversity), joined((result) => result.ms)];
    return { boards, k, pins, diversity, ms, seconds, ...(strengths !== undefined && { strengths }) };
  } finally {
    if (options.pool === undefined) await pool.destroy();
  }
}

/** Whether every user has at most one board, which then stands for the user. O(boards). */
function areUsers({ boardToPin, boardToUser, userCount }: PinBoardGraph): boolean {
  const boards = new Uint8Array(userCount);
  return boardToUser.every((user, board) => degreeOf(boardToPin, board) === 0 || ++boards[user]! === 1);
}

/** Which boards are evaluated. */
export interface BoardsOptions {
  /** Seed of the draw. */
  readonly randomSeed: number;
  /** Evaluate this many users only, drawn by the seed. */
  readonly usersMax?: number | undefined;
  /** The pins of each board, when these are not those of the graph that is walked. */
  readonly known?: Adjacency | undefined;
}

/**
 * For each split, the boards with pins in both of its parts, of these the drawn ones: the same for all folds of one data
 * set, as far as these have them.
 */
export function evaluatedBoards(
  splits: readonly SaveSplit[],
  { randomSeed, usersMax = Infinity, known: given }: BoardsOptions,
): Int32Array[] {
  const ofSplits = splits.map(({ train, heldOut }) => {
    const known = given ?? train.boardToPin;
    const both = Math.min(nodeCount(known), nodeCount(heldOut));
    return Int32Array.from({ length: both }, (_, board) => board).filter(
      (board) => degreeOf(known, board) > 0 && degreeOf(heldOut, board) > 0,
    );
  });
  const all = new Set(ofSplits.flatMap((boards) => Array.from(boards)));
  const drawn = draw(Int32Array.from(all).toSorted(), usersMax, randomSeed);
  return ofSplits.map((boards) => {
    const isOf = new Set(boards);
    return drawn.filter((board) => isOf.has(board));
  });
}

/** Throws `split-unusable` where a split has no user to evaluate. */
export function assertUsers(splits: readonly SaveSplit[]): void {
  if (evaluatedBoards(splits, { randomSeed: 1 }).every((boards) => boards.length > 0)) return;
  throw new DataError(
    'split-unusable',
    'no user has pins in both parts: check that they use the same keys, or split otherwise',
  );
}

/** At most this many of them: the first of a shuffle (Fisher and Yates). */
function draw(boards: Int32Array, boardsMax: number, randomSeed: number): Int32Array {
  if (boards.length <= boardsMax) return boards;
  const stream = randomStream(randomSeed);
  for (let i = 0; i < boardsMax; i++) {
    const j = i + nextBelow(stream, boards.length - i);
    [boards[i], boards[j]] = [boards[j]!, boards[i]!];
  }
  return boards.slice(0, boardsMax);
}

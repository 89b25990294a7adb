import {
  type Adjacency,
  type AlgorithmName,
  type Params,
  type RecommendedLists,
  type SaveSplit,
  degreeOf,
  nextBelow,
  nodeCount,
  randomStream,
} from '../../../engine/index.ts';
import { DataError } from '../../../graph-data/index.ts';
import { AskPool } from './ask-pool.ts';
import type { TaskResult } from './evaluate-worker.ts';

/** What to ask each board, and how. */
export interface AskOptions {
  /** Length of each list. */
  readonly k: number;
  /** Seed of the walks, of query pins and of negatives. */
  readonly randomSeed: number;
  /** Another seed for the walks alone. */
  readonly walkSeed?: number;
  readonly threads: number;
  /** Threads to ask, in the place of such that end with the asking. */
  readonly pool?: AskPool | undefined;
  /** Pins of a user to ask with; Infinity for the whole history. */
  readonly queryPins: number;
  /** Rank held-out pins among so many sampled ones, in place of all pins. */
  readonly negatives?: number | undefined;
  /** The pins to ask with, board by board, when these are not those of the graph that is walked. */
  readonly known?: Adjacency | undefined;
  /** Whether to find how strong the reasons of the recommended pins are: not part of the times. Default: no. */
  readonly reasons?: boolean | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The lists of all boards that were asked, and what they took. */
export interface Answers extends RecommendedLists {
  /** Diversity of each list; NaN for one of fewer than two pins. */
  readonly diversity: Float64Array;
  /** By place in `pins`, where it was asked for: the strength of each pin's reason, see {@link ReasonGroup}. */
  readonly strengths?: Int32Array;
  /** Milliseconds of each query. */
  readonly ms: Float64Array;
  /** Wall time of all on all threads. */
  readonly seconds: number;
}

/** Few enough that progress is told often. */
const boardsPerTaskMax = 256;
/** Enough that no thread waits long for the last one. */
const tasksPerThread = 16;

/**
 * Asks one algorithm for the k best of all pins that a board's known part lacks, for some boards. Threads share the graph. Same split, parameters and seeds: same lists in the same order, whatever the number of
 * threads. `params` are resolved ones.
 */
export async function ask(
  { train: graph, heldOut }: SaveSplit,
  boards: Int32Array,
  algorithm: AlgorithmName,
  params: Params,
  options: AskOptions,
): Promise<Answers> {
  const { k, randomSeed, walkSeed = randomSeed, queryPins, negatives, reasons = false, onProgress } = options;
  const pool = options.pool ?? new AskPool(options.threads);
  const known = options.known ?? graph.boardToPin;
  const boardsPerTask = Math.min(
    boardsPerTaskMax,
    Math.ceil(boards.length / (tasksPerThread * pool.threads)),
  );
  try {
    const started = performance.now();
    let done = 0;
    onProgress?.(done, boards.length);
    const same = {
      graph,
      known,
      heldOut,
      algorithm,
      params,
      randomSeed,
      walkSeed,
      k,
      queryPins,
      negatives,
      reasons,
    };
    const tasks = Array.from({ length: Math.ceil(boards.length / boardsPerTask) }, async (_, i) => {
      const some = boards.slice(i * boardsPerTask, (i + 1) * boardsPerTask);
      const result = await pool.run({ ...same, boards: some });
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

/** Which boards are asked. */
export interface BoardsOptions {
  /** Seed of the draw. */
  readonly randomSeed: number;
  /** Ask for so many users only, drawn by the seed. */
  readonly usersMax?: number | undefined;
  /** The pins to ask with, board by board, when these are not those of the graph that is walked. */
  readonly known?: Adjacency | undefined;
}

/**
 * For each split, the boards with pins on both of its sides, of which the drawn ones: the same for all folds of one data
 * set, as far as these have them.
 */
export function boardsAsked(
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

/** Throws `split-unusable` where a split has no user to ask. */
export function assertUsers(splits: readonly SaveSplit[]): void {
  if (boardsAsked(splits, { randomSeed: 1 }).every((boards) => boards.length > 0)) return;
  throw new DataError(
    'split-unusable',
    'no user has pins both to ask with and to find: see that both parts have the same keys, or split otherwise',
  );
}

/** At most so many of them: the first of a shuffle (Fisher and Yates). */
function draw(boards: Int32Array, boardsMax: number, randomSeed: number): Int32Array {
  if (boards.length <= boardsMax) return boards;
  const stream = randomStream(randomSeed);
  for (let i = 0; i < boardsMax; i++) {
    const j = i + nextBelow(stream, boards.length - i);
    [boards[i], boards[j]] = [boards[j]!, boards[i]!];
  }
  return boards.slice(0, boardsMax);
}

import {
  type Adjacency,
  type LinearBuildParams,
  type Pipeline,
  type PinBoardGraph,
  type RecommendedLists,
  type SaveSplit,
  EngineError,
  degreeOf,
  nodeCount,
  randomStream,
} from '../../../engine/index.ts';
import { DataError } from '../../../graph-data/index.ts';
import type { TaskResult } from './evaluate-worker.ts';
import { EvaluationPool } from './evaluation-pool.ts';
import { type OfflineModels, modelledQueries } from './offline-models.ts';
import { sample } from './sample.ts';

/** How lists are generated. */
export interface ListOptions {
  /** Length of each list. */
  readonly k: number;
  /** Seed of the walks, of query pins and of negatives. */
  readonly randomSeed: number;
  /** Another seed for the walks alone. */
  readonly walkSeed?: number;
  readonly threads: number;
  /** How the item weights of `linear` are computed, as in `build --linear`. Only without `pool`. */
  readonly linear?: Partial<LinearBuildParams> | undefined;
  /** Threads to use. Default: a pool for this call. */
  readonly pool?: EvaluationPool | undefined;
  /** Number of query pins per user; Infinity for the whole history. */
  readonly queryPins: number;
  /** Rank held-out pins among this many sampled pins instead of all. */
  readonly negatives?: number | undefined;
  /** The known pins of each board, if they differ from those in the graph (after pruning, for example). */
  readonly known?: Adjacency | undefined;
  /** With `known`: whether its boards are users, whose saves lose weight with age. */
  readonly areUsers?: boolean | undefined;
  /** Whether to measure the strength of reasons, outside the measured times. Default: false. */
  readonly reasons?: boolean | undefined;
  /** For pipelines with a `model`. */
  readonly models?: OfflineModels | undefined;
  /** With `models`: the preset or algorithm that a request would name. */
  readonly servedAs?: string | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** The lists of all evaluated boards, and the times they took. */
export interface EvaluatedLists extends RecommendedLists {
  /** Diversity of each list; NaN for fewer than two pins. */
  readonly diversity: Float64Array;
  /** With `reasons`, parallel to `pins`: the strength of each pin's reason, see {@link ReasonGroup}. */
  readonly strengths?: Int32Array;
  /** Milliseconds of each query. */
  readonly ms: Float64Array;
  /** Counted units of work of each query: less for queries that share a walk. */
  readonly work: Float64Array;
  /** Wall time of all queries on all threads. */
  readonly seconds: number;
}

/** Small enough for frequent progress reports. */
const boardsPerTaskMax = 256;
/** Enough that no thread idles long at the end. */
const tasksPerThread = 16;

/**
 * Recommends k new pins for each board, as a server does in a request for that board, or for its user if every user has
 * one board. Threads share the graph. Deterministic for a split, pipeline and seeds, on any number of threads.
 */
export async function recommendLists(
  split: SaveSplit,
  boards: Int32Array,
  pipeline: Pipeline,
  options: ListOptions,
): Promise<EvaluatedLists> {
  return (await recommendListsOf(split, boards, [pipeline], options))[0]!;
}

/**
 * {@link recommendLists} of several pipelines. Consecutive ones that differ only in the ranking share a walk,
 * so their times are meaningless, and diversity is left out.
 */
export async function recommendListsOf(
  split: SaveSplit,
  boards: Int32Array,
  pipelines: readonly Pipeline[],
  options: ListOptions,
): Promise<EvaluatedLists[]> {
  const { train: graph, heldOut, savedAt } = split;
  const { k, randomSeed, walkSeed = randomSeed, queryPins, negatives, reasons = false, onProgress } = options;
  if (pipelines.some(({ candidates }) => candidates.windowDays > 0) && savedAt === undefined) {
    throw new EngineError('invalid-parameter', 'windowDays', 'windowDays: the saves have no times');
  }
  const isByUser = options.areUsers ?? areUsers(graph);
  const modelled = modelledQueries(pipelines, split, boards, options, (node) => {
    if (!isByUser) return undefined;
    return options.known !== undefined && options.areUsers === true ? node : graph.boardToUser[node]!;
  });
  const order = modelled?.places ?? Int32Array.from(boards.keys());
  const pool = options.pool ?? new EvaluationPool(options.threads, options.linear);
  const boardsPerTask = Math.min(
    boardsPerTaskMax,
    Math.ceil(boards.length / (tasksPerThread * pool.threads)),
  );
  const areOther = options.known !== undefined && options.areUsers === undefined;
  const task = {
    graph,
    known: options.known ?? graph.boardToPin,
    savedAt: areOther ? undefined : savedAt,
    areUsers: isByUser,
    heldOut,
    // Backfill would add pins to the sampled candidates.
    pipelines:
      negatives === undefined
        ? pipelines
        : pipelines.map((pipeline) => ({ ...pipeline, fallback: { backfill: false } })),
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
      const places = order.subarray(i * boardsPerTask, (i + 1) * boardsPerTask);
      const some = Int32Array.from(places, (place) => boards[place]!);
      const result = await pool.run({ ...task, boards: some, models: modelled?.taskOf(places) });
      onProgress?.((done += some.length), boards.length);
      return result;
    });
    const results = await Promise.all(tasks);
    const seconds = (performance.now() - started) / 1000;
    return pipelines.map((_, place) => {
      const lists = joined(
        results.map((of) => of[place]!),
        order,
        k,
      );
      return { boards, k, seconds, ...lists };
    });
  } finally {
    if (options.pool === undefined) await pool.destroy();
  }
}

/** The lists of all tasks, `k` places each, as their queries stand in `order`: put back into the order of the boards. */
function joined(results: readonly TaskResult[], order: Int32Array, k: number): TaskResult {
  const floats = (of: (result: TaskResult) => Float64Array): Float64Array => {
    const all = new Float64Array(order.length);
    let next = 0;
    for (const result of results) for (const value of of(result)) all[order[next++]!] = value;
    return all;
  };
  const places = (of: (result: TaskResult) => Int32Array): Int32Array => {
    const all = new Int32Array(order.length * k);
    let next = 0;
    for (const result of results) {
      const lists = of(result);
      for (let i = 0; i < lists.length; i += k) all.set(lists.subarray(i, i + k), order[next++]! * k);
    }
    return all;
  };
  return {
    pins: places(({ pins }) => pins),
    diversity: floats(({ diversity }) => diversity),
    ms: floats(({ ms }) => ms),
    work: floats(({ work }) => work),
    ...(results[0]?.strengths !== undefined && { strengths: places(({ strengths }) => strengths!) }),
  };
}

/** Whether every user has at most one board, so that boards stand for users. O(boards). */
function areUsers({ boardToPin, boardToUser, userCount }: PinBoardGraph): boolean {
  const boards = new Uint8Array(userCount);
  return boardToUser.every((user, board) => degreeOf(boardToPin, board) === 0 || ++boards[user]! === 1);
}

/** Selects the boards to evaluate. */
export interface BoardsOptions {
  /** Seed of the draw. */
  readonly randomSeed: number;
  /** Evaluate at most this many users, drawn by the seed. */
  readonly usersMax?: number | undefined;
  /** The known pins of each board, if they differ from those in the graph (after pruning, for example). */
  readonly known?: Adjacency | undefined;
}

/** For each split, the boards with pins in both parts; with `usersMax`, those drawn once from the boards of all splits. */
export function evaluatedBoards(
  splits: readonly SaveSplit[],
  { randomSeed, usersMax = Infinity, known: given }: BoardsOptions,
): Int32Array[] {
  const ofSplits = splits.map(({ train, heldOut }) => {
    const known = given ?? train.boardToPin;
    const boardCount = Math.min(nodeCount(known), nodeCount(heldOut));
    return Int32Array.from({ length: boardCount }, (_, board) => board).filter(
      (board) => degreeOf(known, board) > 0 && degreeOf(heldOut, board) > 0,
    );
  });
  const all = [...new Set(ofSplits.flatMap((boards) => Array.from(boards)))].toSorted((a, b) => a - b);
  const drawn = all.length <= usersMax ? all : sample(all, usersMax, randomStream(randomSeed));
  return ofSplits.map((boards) => {
    const ofSplit = new Set(boards);
    return Int32Array.from(drawn.filter((board) => ofSplit.has(board)));
  });
}

/** Throws `split-unusable` if a split has no user to evaluate. */
export function assertUsers(splits: readonly SaveSplit[]): void {
  if (evaluatedBoards(splits, { randomSeed: 1 }).every((boards) => boards.length > 0)) return;
  throw new DataError(
    'split-unusable',
    'no user has pins in both parts: check that both use the same keys, or choose another split',
  );
}

import { Piscina } from 'piscina';
import {
  type Adjacency,
  type AlgorithmName,
  type Params,
  type SaveSplit,
  degreeOf,
  listQuality,
  neighborsOf,
  nextBelow,
  nodeCount,
  randomStream,
  resolveParamsOf,
} from '../../engine/index.ts';
import type { Task, TaskResult } from './worker.ts';

/** One algorithm on one split. Quality figures are means over users, 0 to 1. */
export interface Evaluation {
  readonly algorithm: AlgorithmName;
  /** As resolved, defaults filled in. */
  readonly params: Params;
  /** Users (boards) that have pins to start from and held-out pins to find. */
  readonly users: number;
  readonly recall: number;
  readonly ndcg: number;
  readonly f1: number;
  readonly hitRate: number;
  /** Share of all pins that were recommended to anybody. */
  readonly coverage: number;
  /** Wall time of all users on all threads. */
  readonly seconds: number;
  readonly msPerQueryP50: number;
  readonly msPerQueryP99: number;
}

export interface EvaluateOptions {
  readonly k: number;
  readonly randomSeed: number;
  readonly threads: number;
  /** Pins of a user to ask with; Infinity for the whole history. */
  readonly queryPins: number;
  /** Ask for so many users only, drawn by the seed. */
  readonly usersMax?: number | undefined;
  /** The pins to ask with, board by board, when these are not those of the graph that is walked. */
  readonly known?: Adjacency;
  readonly onProgress?: (done: number, total: number) => void;
}

const boardsPerTask = 256;

/**
 * Asks one algorithm for the k best of all pins that a user's train part lacks, for every user with held-out pins,
 * and measures what it finds of these (metrics as in {@link listQuality}). Threads share the graph. Same split,
 * parameters and seed: same figures, whatever the number of threads, but for the times.
 */
export async function evaluate(
  { train, heldOut }: SaveSplit,
  algorithm: AlgorithmName,
  given: Params,
  {
    k,
    randomSeed,
    threads,
    queryPins,
    known = train.boardToPin,
    usersMax = Infinity,
    onProgress,
  }: EvaluateOptions,
): Promise<Evaluation> {
  const params = resolveParamsOf(algorithm, given);
  const boards = drawBoards(boardsToAsk(known, heldOut), usersMax, randomSeed);
  const pool = new Piscina<Task, TaskResult>({
    filename: new URL('worker.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
  });
  try {
    const started = performance.now();
    let done = 0;
    const tasks = Array.from({ length: Math.ceil(boards.length / boardsPerTask) }, async (_, i) => {
      const some = boards.slice(i * boardsPerTask, (i + 1) * boardsPerTask);
      const result = await pool.run({
        graph: train,
        known,
        boards: some,
        algorithm,
        params,
        randomSeed,
        k,
        queryPins,
      });
      onProgress?.((done += some.length), boards.length);
      return result;
    });
    const results = await Promise.all(tasks);
    const seconds = (performance.now() - started) / 1000;
    const pins = results.flatMap((result) => Array.from(result.pins));
    const ms = Float64Array.from(results.flatMap((result) => Array.from(result.ms))).toSorted();
    const quality = meanQuality(boards, pins, heldOut, k);
    const coverage = new Set(pins.filter((pin) => pin >= 0)).size / nodeCount(train.pinToBoard);
    const times = { msPerQueryP50: quantile(ms, 0.5), msPerQueryP99: quantile(ms, 0.99) };
    return { algorithm, params, users: boards.length, ...quality, coverage, seconds, ...times };
  } finally {
    await pool.destroy();
  }
}

/** Boards with pins on both sides of the split. */
function boardsToAsk(known: Adjacency, heldOut: Adjacency): Int32Array {
  const both = Math.min(nodeCount(known), nodeCount(heldOut));
  return Int32Array.from({ length: both }, (_, board) => board).filter(
    (board) => degreeOf(known, board) > 0 && degreeOf(heldOut, board) > 0,
  );
}

/** At most so many of them: the first of a shuffle (Fisher and Yates). */
function drawBoards(boards: Int32Array, boardsMax: number, randomSeed: number): Int32Array {
  if (boards.length <= boardsMax) return boards;
  const stream = randomStream(randomSeed);
  for (let i = 0; i < boardsMax; i++) {
    const j = i + nextBelow(stream, boards.length - i);
    [boards[i], boards[j]] = [boards[j]!, boards[i]!];
  }
  return boards.slice(0, boardsMax);
}

function meanQuality(
  boards: Int32Array,
  pins: readonly number[],
  heldOut: SaveSplit['heldOut'],
  k: number,
): Pick<Evaluation, 'recall' | 'ndcg' | 'f1' | 'hitRate'> {
  const sums = { recall: 0, ndcg: 0, f1: 0, hitRate: 0 };
  for (const [i, board] of boards.entries()) {
    const quality = listQuality(pins.slice(i * k, (i + 1) * k), new Set(neighborsOf(heldOut, board)), k);
    sums.recall += quality.recall;
    sums.ndcg += quality.ndcg;
    sums.f1 += quality.f1;
    sums.hitRate += quality.hitRate;
  }
  const mean = (sum: number): number => sum / boards.length;
  return {
    recall: mean(sums.recall),
    ndcg: mean(sums.ndcg),
    f1: mean(sums.f1),
    hitRate: mean(sums.hitRate),
  };
}

/** The value at a share of a sorted list, 0 for an empty one. */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
}

import { Piscina } from 'piscina';
import {
  type AlgorithmName,
  type Params,
  type SaveSplit,
  degreeOf,
  listQuality,
  neighborsOf,
  nodeCount,
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
  /** Ask for so many users only, evenly spread over all. */
  readonly usersMax?: number | undefined;
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
  { k, randomSeed, threads, queryPins, usersMax = Infinity, onProgress }: EvaluateOptions,
): Promise<Evaluation> {
  const params = resolveParamsOf(algorithm, given);
  const boards = everyNth(boardsToAsk(train, heldOut), usersMax);
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
function boardsToAsk(train: SaveSplit['train'], heldOut: SaveSplit['heldOut']): Int32Array {
  const both = Math.min(nodeCount(train.boardToPin), nodeCount(heldOut));
  return Int32Array.from({ length: both }, (_, board) => board).filter(
    (board) => degreeOf(train.boardToPin, board) > 0 && degreeOf(heldOut, board) > 0,
  );
}

/** At most `max` values, evenly spread. */
function everyNth(values: Int32Array, max: number): Int32Array {
  if (values.length <= max) return values;
  return Int32Array.from({ length: max }, (_, i) => values[Math.floor((i * values.length) / max)]!);
}

function meanQuality(
  boards: Int32Array,
  pins: readonly number[],
  heldOut: SaveSplit['heldOut'],
  k: number,
): Pick<Evaluation, 'recall' | 'ndcg' | 'hitRate'> {
  const sums = { recall: 0, ndcg: 0, hitRate: 0 };
  for (const [i, board] of boards.entries()) {
    const quality = listQuality(pins.slice(i * k, (i + 1) * k), new Set(neighborsOf(heldOut, board)), k);
    sums.recall += quality.recall;
    sums.ndcg += quality.ndcg;
    sums.hitRate += quality.hitRate;
  }
  const mean = (sum: number): number => sum / boards.length;
  return { recall: mean(sums.recall), ndcg: mean(sums.ndcg), hitRate: mean(sums.hitRate) };
}

/** The value at a share of a sorted list, 0 for an empty one. */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(Math.floor(share * sorted.length), sorted.length - 1)] ?? 0;
}

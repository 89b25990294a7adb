import { workerData } from 'piscina';
import { type LoadedSnapshot, Store, openDataFolder } from '../../graph-data/index.ts';
import { Problem, type ProblemCode, type RequestFault } from '../problems.ts';
import { type RecommendationAnswer, type RecommendationRequest, Recommender } from '../recommending/index.ts';

/** What a worker is asked: requests that run whole, one after another, in it alone. */
export interface WalkTask {
  readonly requests: readonly RecommendationRequest[];
  /** Keys of the target that were shown before and are not to come again. */
  readonly seen: readonly string[];
  /** The best score of the first page, if this is a later one. */
  readonly bestScore?: number | undefined;
  /** Whether no item may come in two of the answers. */
  readonly distinct: boolean;
  /** After so long, no further request is begun. */
  readonly batchMsMax: number;
  readonly queueMs: number;
}

/** An answer as JSON text without its opening brace, for the id to go before; or the problem instead. */
export type WalkOutcome =
  | {
      readonly json: string;
      readonly items: readonly string[];
      /** Of the first page; none when it had no items. */
      readonly bestScore: number | undefined;
      readonly stats: RecommendationAnswer['stats'];
      readonly algorithm: string;
      readonly fallback: RecommendationAnswer['fallback'];
    }
  | { readonly problem: { code: ProblemCode; detail: string; errors: readonly RequestFault[] } };

interface WorkerData {
  readonly dataFolder: string;
  readonly snapshot: LoadedSnapshot;
}

const { snapshot, dataFolder } = workerData as WorkerData;
const recommender = new Recommender({
  store: Store.open(openDataFolder(dataFolder)),
  now: () => performance.now(),
  wallClock: Date.now,
});

export default function walk({
  requests,
  seen,
  bestScore,
  distinct,
  batchMsMax,
  queueMs,
}: WalkTask): WalkOutcome[] {
  // A pin, a board and a user of one key are three things.
  const shown = { pins: [...seen], boards: [...seen], users: [...seen] };
  const began = performance.now();
  return requests.map((request, i): WalkOutcome => {
    if (i > 0 && performance.now() - began >= batchMsMax) return tooLate(batchMsMax);
    try {
      const answer = recommender.recommend(snapshot, request, {
        seen: shown[request.target],
        bestScore,
        queueMs,
      });
      const items = answer.items.map(({ pin, board, user }) => pin ?? board ?? user ?? '');
      if (distinct) shown[request.target].push(...items);
      const { stats, fallback } = answer;
      return {
        json: JSON.stringify(answer).slice(1),
        items,
        bestScore: bestScore ?? answer.items[0]?.score,
        stats,
        algorithm: answer.algorithm.preset ?? answer.algorithm.name,
        fallback,
      };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return { problem: { code: error.code, detail: error.message, errors: error.errors } };
    }
  });
}

function tooLate(batchMsMax: number): WalkOutcome {
  const detail = `the batch took over ${batchMsMax / 1000} s before this request's turn: ask it again`;
  return { problem: { code: 'overloaded', detail, errors: [] } };
}

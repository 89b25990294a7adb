import { workerData } from 'piscina';
import { type LoadedSnapshot, Store, openDataFolder } from '../../../graph-data/index.ts';
import { Problem, type ProblemCode, type RequestFault } from '../../base/index.ts';
import {
  type RecommendationAnswer,
  Recommender,
  drawWalk,
  lookAtWalk,
  pathsMax,
} from '../../recommend/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';

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

/** What a worker is asked to look at: one request, and how much of its walk is to be drawn. */
export interface LookTask {
  readonly request: RecommendationRequest;
  readonly nodesMax: number;
}

/** The walk as JSON text, and what is counted of its answer; or the problem instead. */
export type LookOutcome =
  | Pick<Extract<WalkOutcome, { items: unknown }>, 'json' | 'stats' | 'algorithm' | 'fallback'>
  | Extract<WalkOutcome, { problem: unknown }>;

interface WorkerData {
  readonly dataFolder: string;
  readonly snapshot: LoadedSnapshot;
}

const { snapshot, dataFolder } = workerData as WorkerData;
const store = Store.open(openDataFolder(dataFolder));
const recommender = new Recommender({ store, now: () => performance.now(), wallClock: Date.now });

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
      return problemIn(error);
    }
  });
}

/** Puts one query under the lens, and draws it: some ten times the work of its answer. */
export function look({ request, nodesMax }: LookTask): LookOutcome {
  try {
    const lens = lookAtWalk({ recommender, store }, snapshot, request, { pathsTraced: pathsMax });
    const drawing = drawWalk(snapshot, store, lens, nodesMax);
    const { answer, steps, restarts, convergence } = lens;
    const { stats, fallback } = answer;
    const queryPins = lens.queryPins.map(({ pin, weight, boards, steps: own, restarts: home, lost }) => {
      return { pin, weight, boards, steps: own, restarts: home, lost };
    });
    const items = answer.items.map((item, i) => {
      const { total, byQueryPin } = lens.visits[i]!;
      return Object.assign({}, item, { visits: total, visitsByQueryPin: byQueryPin }, drawing.items[i]);
    });
    const { nodes, edges, edgesLeftOut } = drawing;
    const drawn = { nodes, edges, edgesLeftOut };
    return {
      json: JSON.stringify({ ...answer, items, steps, restarts, queryPins, convergence, ...drawn }),
      stats,
      algorithm: answer.algorithm.preset ?? answer.algorithm.name,
      fallback,
    };
  } catch (error) {
    return problemIn(error);
  }
}

function problemIn(error: unknown): Extract<WalkOutcome, { problem: unknown }> {
  if (!(error instanceof Problem)) throw error;
  return { problem: { code: error.code, detail: error.message, errors: error.errors } };
}

function tooLate(batchMsMax: number): WalkOutcome {
  const detail = `the batch took over ${batchMsMax / 1000} s before this request's turn: ask it again`;
  return { problem: { code: 'overloaded', detail, errors: [] } };
}

import { workerData } from 'piscina';
import { type LoadedSnapshot, Store, openDataFolder } from '../../../graph-data/index.ts';
import { type JsonText, jsonText } from '../../base/index.ts';
import { Recommender, drawWalk, diagnoseWalk, pathsMax } from '../../recommend/index.ts';
import type { RecommendationRequest, RecommendationResult, WalkResponse } from '../../contract/index.ts';
import { type ProblemOutcome, outcomeOf } from './problems.ts';

/** Requests that one worker runs one after another. */
export interface WalkTask {
  readonly requests: readonly RecommendationRequest[];
  /** Keys of the target that earlier pages have shown. */
  readonly seen: readonly string[];
  /** The best score of the first page, if this is a later one. */
  readonly bestScore?: number | undefined;
  /** Whether no two of the lists may share an item. */
  readonly distinct: boolean;
  /** No further request starts after this time. */
  readonly batchMsMax: number;
  readonly queueMs: number;
}

/** A ranked list, serialised but for its id. */
export interface RankedList {
  readonly json: JsonText<RecommendationResult>;
  /** Keys of the target, best first. */
  readonly items: readonly string[];
  /** Of the first page; undefined when it had no items. */
  readonly bestScore: number | undefined;
  readonly stats: RecommendationResult['stats'];
  readonly algorithm: string;
  readonly fallback: RecommendationResult['fallback'];
}

export type RankedOutcome = RankedList | ProblemOutcome;

/** A request whose walk is diagnosed, and how much of it is drawn. */
export interface DiagnosticsTask {
  readonly request: RecommendationRequest;
  readonly nodesMax: number;
}

/** The diagnostics of a walk, serialised, and what the metrics count. */
export interface Diagnosis extends Pick<RankedList, 'stats' | 'algorithm' | 'fallback'> {
  readonly json: JsonText<WalkResponse>;
}

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
}: WalkTask): RankedOutcome[] {
  // A pin, a board and a user may have the same key.
  const shown = { pins: [...seen], boards: [...seen], users: [...seen] };
  const began = performance.now();
  return requests.map((request, i): RankedOutcome => {
    if (i > 0 && performance.now() - began >= batchMsMax) return tooLate(batchMsMax);
    try {
      const result = recommender.recommend(snapshot, request, {
        seen: shown[request.target],
        bestScore,
        queueMs,
      });
      const items = result.items.map(({ pin, board, user }) => pin ?? board ?? user ?? '');
      if (distinct) shown[request.target].push(...items);
      const { stats, fallback } = result;
      return {
        json: jsonText(result),
        items,
        bestScore: bestScore ?? result.items[0]?.score,
        stats,
        algorithm: result.algorithm.preset ?? result.algorithm.name,
        fallback,
      };
    } catch (error) {
      return outcomeOf(error);
    }
  });
}

/** Diagnoses and draws the walk of one request: about ten times the work of the recommendation alone. */
export function diagnose({ request, nodesMax }: DiagnosticsTask): Diagnosis | ProblemOutcome {
  try {
    const diagnostics = diagnoseWalk({ recommender, store }, snapshot, request, { pathsTraced: pathsMax });
    const drawing = drawWalk(snapshot, store, diagnostics, nodesMax);
    const { result, steps, restarts, convergence } = diagnostics;
    const { stats, fallback } = result;
    const queryPins = diagnostics.queryPins.map(
      ({ pin, weight, boards, steps: own, restarts: home, lost }) => {
        return { pin, weight, boards, steps: own, restarts: home, lost };
      },
    );
    const items = result.items.map((item, i) => {
      const { total, byQueryPin } = diagnostics.visits[i]!;
      return Object.assign({}, item, { visits: total, visitsByQueryPin: byQueryPin }, drawing.items[i]);
    });
    const { nodes, edges, edgesLeftOut } = drawing;
    const drawn = { nodes, edges, edgesLeftOut };
    return {
      json: jsonText({ ...result, items, steps, restarts, queryPins, convergence, ...drawn }),
      stats,
      algorithm: result.algorithm.preset ?? result.algorithm.name,
      fallback,
    };
  } catch (error) {
    return outcomeOf(error);
  }
}

function tooLate(batchMsMax: number): ProblemOutcome {
  const detail = `the batch took over ${batchMsMax / 1000} s before it reached this request: send it again`;
  return { problem: { code: 'overloaded', detail, errors: [] } };
}

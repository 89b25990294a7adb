import { ulid } from 'ulid';
import type { RecommendationInput, RecommendationResponse } from '../contract/index.ts';
import { type WalkDiagnostics, diagnoseWalk } from '../recommend/index.ts';
import type { OpenGraph } from './open-graph.ts';

/**
 * Executes a request as the server does, by the same code: the same snapshot, request and seed give the same
 * items, scores and reasons. Takes milliseconds, on this thread. Throws a `Problem`, whose `code` and `errors`
 * are those of REST: `invalid-request` with every fault at once, `unknown-pin`, `unknown-board` and
 * `unknown-user`; with a `model`, also the `DataError`s `model-unknown` and `model-damaged`.
 */
export function recommend(graph: OpenGraph, request: RecommendationInput): RecommendationResponse {
  const checked = graph.checked(request);
  return { recommendationId: ulid(), ...graph.recommender.recommend(graph.snapshot, checked) };
}

export interface WalkOptions {
  /** Paths of single walkers to bring along, 0 (default) to 10,000: shared evenly by the query pins. */
  readonly paths?: number | undefined;
}

/**
 * Runs a request by a random walk and reports the walk's steps and visits, as `pinwalk walk` does
 * (docs/walk.md). Some ten times the work of {@link recommend}. Throws the same errors, and `invalid-request`
 * for an algorithm that does not walk.
 */
export function walk(
  graph: OpenGraph,
  request: RecommendationInput,
  { paths = 0 }: WalkOptions = {},
): WalkDiagnostics {
  const { recommender, snapshot, store } = graph;
  return diagnoseWalk({ recommender, store }, snapshot, graph.checked(request), { paths });
}

import { ulid } from 'ulid';
import type { QueryEntry, RecommendationRequest } from '../contract/index.ts';
import { type RecommendationAnswer, type WalkLens, lookAtWalk } from '../recommend/index.ts';
import type { OpenGraph } from './open-graph.ts';

/** A request as people write it: the body of `POST /v1/recommendations`. All but `query` has a default. */
export type RecommendationQuestion = {
  readonly query: readonly (Omit<QueryEntry, 'weight'> & { readonly weight?: number | undefined })[];
  readonly exclude?: Partial<RecommendationRequest['exclude']> | undefined;
} & {
  readonly [Name in keyof Omit<RecommendationRequest, 'query' | 'exclude' | 'own'>]?:
    | RecommendationRequest[Name]
    | undefined;
};

/** The answer of `POST /v1/recommendations`, field by field. */
export type Recommendations = RecommendationAnswer & { readonly recommendationId: string };

/**
 * Answers a request as the server does, by the same code: the same snapshot, request and seed give the same items,
 * scores and reasons. Takes milliseconds, on this thread. Throws a `Problem`, whose `code` and `errors` are those of REST:
 * `invalid-request` with every fault at once, `unknown-pin`, `unknown-board` and `unknown-user`.
 */
export function recommend(graph: OpenGraph, request: RecommendationQuestion): Recommendations {
  const checked = graph.checked(request);
  return { recommendationId: ulid(), ...graph.recommender.recommend(graph.snapshot, checked) };
}

export interface WalkOptions {
  /** Paths of single walkers to bring along, 0 (default) to 10,000: shared evenly by the query pins. */
  readonly paths?: number | undefined;
}

/**
 * Answers a request by a random walk and tells what the walk did, as `pinwalk walk` does (docs/walk.md). Some ten
 * times the work of {@link recommend}. Throws what that throws, and `invalid-request` for an algorithm that does not walk.
 */
export function walk(
  graph: OpenGraph,
  request: RecommendationQuestion,
  { paths = 0 }: WalkOptions = {},
): WalkLens {
  const { recommender, snapshot, store } = graph;
  return lookAtWalk({ recommender, store }, snapshot, graph.checked(request), { paths });
}

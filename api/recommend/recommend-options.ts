import type { OnStep, Work } from '../../engine/index.ts';
import type { ResolvedQuery } from './resolve-query.ts';
import type { Visited } from './visited.ts';

/** When a recommendation was at which point, by the clock of the recommender. */
export interface RecommendTimes {
  readonly started: number;
  /** Its pipeline has ended. */
  readonly walked: number;
  /** Keys, fields and reasons have been read. */
  readonly ended: number;
}

/** Options that a request does not contain. */
export interface RecommendOptions {
  /** Keys of the target that earlier pages have shown. */
  readonly seen?: readonly string[];
  /** Numbers of the keys of pins that are left out, by `numberOfKey`: thousands cost no look-up each. */
  readonly leftOut?: ReadonlySet<number> | undefined;
  /** Items of the earlier pages: ranks continue after them. Default: 0. */
  readonly ranked?: number | undefined;
  /** The best score of the first page, which `minRelevance` is a share of on all pages. */
  readonly bestScore?: number | undefined;
  /** How long the request waited before. */
  readonly queueMs?: number;
  /** Called with the indexes of the request's keys. */
  readonly onResolved?: ((resolved: ResolvedQuery) => void) | undefined;
  /** Called after every step of a walk; for `pixie` alone. */
  readonly onStep?: OnStep | undefined;
  /** Default: without a limit. */
  readonly work?: Work | undefined;
  /** Characters of the fields of all items, at most. */
  readonly fieldLengthMax?: number;
  /** Called at the end. */
  readonly onTimes?: ((times: RecommendTimes) => void) | undefined;
  /** Called with the pins that the walk found; promoted pins are chosen from them. */
  readonly onVisited?: ((visited: Visited) => void) | undefined;
}

import type { BilledAction } from './campaign.ts';

/** A promoted pin that a walk supports, of a campaign whose target the request meets. */
export interface PromotedCandidate {
  /** Number of the campaign. */
  readonly campaign: number;
  /** Key. */
  readonly pin: string;
  /** In [0, 1]. */
  readonly relevance: number;
  /** By action that a model predicts, calibrated. */
  readonly probabilities?: Readonly<Partial<Record<BilledAction, number>>> | undefined;
}

/** A list that has promoted slots. */
export interface PlaceRequest {
  readonly recommendationId: string;
  /** Who sees the list. */
  readonly user: string;
  /** Empty: the request names none. */
  readonly surface: string;
  /** Ranks, ascending. */
  readonly slots: readonly number[];
  readonly candidates: readonly PromotedCandidate[];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly randomSeed: number;
  readonly reserveMicros: number;
  readonly minRelevance: number;
}

/** A promoted pin in its slot. */
export interface Placement {
  readonly slot: number;
  /** Id of the campaign. */
  readonly campaign: string;
  readonly label: string;
  /** Key. */
  readonly pin: string;
  readonly token: string;
}

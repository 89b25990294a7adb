import type { BilledAction } from '../base/index.ts';

/**
 * Promoted pins that a walk supports, of campaigns whose targets the request meets: one a place of each array, which costs threads little to hand over.
 */
export interface PromotedCandidates {
  /** Numbers of campaigns. */
  readonly campaigns: Int32Array;
  /** Indexes of pins, the ids of their rows. */
  readonly pins: Int32Array;
  /** In [0, 1]. */
  readonly relevances: Float64Array;
  /** By action that a model predicts, calibrated. */
  readonly probabilities?: Readonly<Partial<Record<BilledAction, Float64Array>>> | undefined;
}

/** A list that has promoted slots. */
export interface PlaceRequest {
  readonly recommendationId: string;
  /** Who sees the list. */
  readonly user: string;
  /** Empty: the request names none. */
  readonly surface: string;
  /** Id of the interest that most of the found pins belong to. Empty: none. */
  readonly interest: string;
  /** Ranks, ascending. */
  readonly slots: readonly number[];
  readonly candidates: PromotedCandidates;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly randomSeed: number;
  readonly reserveMicros: number;
  readonly minRelevance: number;
}

/** Why a campaign that suits a list is not shown in it. */
export type RuledOutBy =
  | 'paused'
  | 'not-running'
  | 'reserve'
  | 'budget'
  | 'pacing'
  | 'frequency-cap'
  | 'attributes'
  | 'saved-or-hidden'
  | 'holdout';

/** The results of the slots of a list. */
export interface Placed {
  readonly placements: readonly Placement[];
  /**
   * By reason, the campaigns that suit the list but may not be shown in it, among the ones that were looked at.
   */
  readonly ruledOut: Readonly<Partial<Record<RuledOutBy, number>>>;
}

/** A promoted pin in its slot. */
export interface Placement {
  readonly slot: number;
  /** Id of the campaign. */
  readonly campaign: string;
  readonly label: string;
  /** Key. */
  readonly pin: string;
  /** Its place among the candidates. */
  readonly candidate: number;
  readonly token: string;
}

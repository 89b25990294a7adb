import type { PromotedCandidates } from '../../graph-data/campaigns/index.ts';

/** Pins that could be promoted in a list, for its auction. */
export interface PromotableList extends PromotedCandidates {
  /** Of the walk, by candidate. */
  readonly scores: Float64Array;
  /** Id of the interest that most of the found pins belong to. Empty: none. */
  readonly interest: string;
  /** Paused campaigns that suit the list, counted for `explain` alone. */
  readonly paused: number;
  /** Why campaigns or interests could not be read. */
  readonly fault?: string;
}

export const nothingPromotable: PromotableList = {
  campaigns: new Int32Array(0),
  pins: new Int32Array(0),
  relevances: new Float64Array(0),
  scores: new Float64Array(0),
  interest: '',
  paused: 0,
};

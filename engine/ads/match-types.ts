/** Whom a campaign is for. */
export interface CampaignTarget {
  /** Promoted pins. */
  readonly pins: readonly number[];
  /** Topics: a person or a page is in the audience as far as they are about these, or about what lies below them. */
  readonly topics: readonly number[];
  /** "People who would save these": in the audience as far as the walk reaches them. */
  readonly seedPins: readonly number[];
  /** Whether it is also for requests that `wanted` names it for, such as by a search term: without other targets, for these alone. */
  readonly isByName?: boolean;
  /** Not shown where these have a notable share. */
  readonly excludedTopics: readonly number[];
}

/** A promoted pin that suits a request. */
export interface PromotedMatch {
  readonly campaign: number;
  readonly pin: number;
  /** Its score divided by that of an undoubtedly relevant pin, in [0, 1]. */
  readonly walk: number;
  /** The share of the found pins, by score, that lies in its topic, in [0, 1]. */
  readonly interest: number;
  /** How far the request is in the campaign's audience, in [0, 1]. */
  readonly audience: number;
  /** Both `walk` and `interest`, in (0, 1]. */
  readonly relevance: number;
}

/** The pins that a walk, or another retrieval, found for a request, in any order; each once. */
export interface Visited {
  readonly count: number;
  readonly pins: ArrayLike<number>;
  /** From 0. */
  readonly scores: ArrayLike<number>;
}

export interface MatchOptions {
  /**
   * By campaign: a guess of its payment for an impression, such as its bid, in any unit; 0 leaves it out. Decides, times relevance, which matches are kept. An
   * array of the caller that stays as it is: what follows from it is kept.
   */
  readonly weights: ArrayLike<number>;
  /** The score of an undoubtedly relevant pin, such as the last pin of the list; above 0. */
  readonly reference: number;
  readonly minRelevance: number;
  /** Matches at most. */
  readonly limit: number;
  /** Pins that the request is about, which no walk returns: a seed pin among them is reached without doubt. Default: none. */
  readonly queryPins?: ArrayLike<number> | undefined;
  /** Campaigns that the request is for without doubt, such as by a search term. Default: none. */
  readonly wanted?: readonly number[] | undefined;
  /** Pins that are not promoted to this person, such as those that they saved or hid. */
  readonly excludedPins?: ReadonlySet<number> | undefined;
}

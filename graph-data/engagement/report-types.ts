import type { Rate, Ratio } from '../../engine/index.ts';

/** `community` and `popularity` are of the pin, in the active snapshot. */
export const engagementGroups = [
  'surface',
  'pipeline',
  'arm',
  'rank',
  'day',
  'community',
  'popularity',
] as const;
export type EngagementGroup = (typeof engagementGroups)[number];

export interface EngagementOptions {
  /** First and last day, both included, of the impressions; of uncredited actions, of the actions. Days since 1970, UTC. */
  readonly from: number;
  readonly to: number;
  /** How long after an impression an action counts. */
  readonly windowHours: number;
  readonly touch: 'last' | 'all';
  /** `impression`: an impression counts once for each kind of action; `none`: every action counts. */
  readonly dedupe: 'impression' | 'none';
  readonly by: EngagementGroup;
  /** Only impressions of these. */
  readonly surface?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly arm?: string | undefined;
}

export interface Acted extends Rate {
  /** The kind of the actions. */
  readonly kind: string;
  /** Impressions with such an action. */
  readonly impressions: number;
  /** Such actions, each once for each impression that it is credited to. */
  readonly actions: number;
  /** Sum of their values. */
  readonly value: number;
  /** By rank: the rate divided by that of rank 1. Missing where one of them is 0. */
  readonly ofFirstRank?: Ratio;
}

export interface EngagementRow {
  /**
   * The surface, pipeline, arm or day, `null` for impressions that name none; the rank, 51 for all beyond 50; the tenth of
   * pins by saves, or the most saved pin of the community, `others` for all but the 50 largest, `null` for pins outside the
   * snapshot.
   */
  readonly group: string | null;
  readonly impressions: number;
  readonly actions: readonly Acted[];
}

export interface EngagementReport {
  readonly total: EngagementRow;
  readonly rows: readonly EngagementRow[];
  /** Actions that no impression gets credit for, of all surfaces. */
  readonly uncredited: readonly { readonly kind: string; readonly actions: number }[];
  /** Days that were counted anew: their rows, or those of days around them, had changed. */
  readonly daysCounted: number;
}

import type { BilledAction } from '../base/index.ts';

/** A campaign as the application sets it. Money is in integer micro-units of one currency; times are ISO 8601. */
export interface CampaignSettings {
  /** Keys of the pins that it promotes. */
  readonly pins: readonly string[];
  /** The application shows it beside each of them. */
  readonly label: string;
  /** Whom it is for, by the query of a request. Without interests, pins, boards and search terms: everybody. */
  readonly targets: CampaignTargets;
  /** Whom it is for, by their attributes: a filter in the form of requests. */
  readonly users?: Readonly<Record<string, unknown>> | undefined;
  /** Where it is shown. Empty: everywhere. */
  readonly surfaces: readonly string[];
  readonly bid: { readonly per: BilledAction; readonly micros: number };
  readonly dailyBudgetMicros: number;
  /** Null: no limit but the daily one. */
  readonly totalBudgetMicros: number | null;
  /** IANA name of the zone whose midnight ends the day of a budget. */
  readonly timeZone: string;
  readonly start: string;
  readonly end: string | null;
  /** Of one person, in any so many hours. */
  readonly frequencyCap: { readonly impressions: number; readonly hours: number };
  /** Share of people who are never shown it, for its lift. */
  readonly holdout: number;
  readonly paused: boolean;
}

interface CampaignTargets {
  /** Ids of interests: they and those below them. */
  readonly interests: readonly string[];
  /** Keys of pins and boards: people who would save these. */
  readonly pins: readonly string[];
  readonly boards: readonly string[];
  /** People who search for all words of one of these. */
  readonly searchTerms: readonly string[];
  /** Ids of interests for whose queries it is not shown. */
  readonly excludeInterests: readonly string[];
}

/** Settings from the database, where those of an earlier pinwalk have no search terms. */
export function readSettings(json: string): CampaignSettings {
  const settings = JSON.parse(json) as CampaignSettings;
  return { ...settings, targets: { ...settings.targets, searchTerms: settings.targets.searchTerms ?? [] } };
}

/** A stored campaign. Its number is dense and never reused. */
export interface Campaign {
  readonly number: number;
  readonly id: string;
  readonly settings: CampaignSettings;
  readonly createdAt: number;
}

/** Fixed once a campaign has begun: they decide who is held out, when a day ends, and which action a price is for. */
const fixedFields = ['bid.per', 'timeZone', 'holdout'] as const;

/** Which of the fixed fields a change would touch. */
export function fixedChanges(before: CampaignSettings, after: CampaignSettings): string[] {
  const values = ({ bid, timeZone, holdout }: CampaignSettings): readonly unknown[] => [
    bid.per,
    timeZone,
    holdout,
  ];
  const [old, changed] = [values(before), values(after)];
  return fixedFields.filter((_, i) => old[i] !== changed[i]);
}

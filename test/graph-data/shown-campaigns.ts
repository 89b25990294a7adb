import { onTestFinished } from 'vitest';
import type {
  CampaignSettings,
  DataFolder,
  PersonFacts,
  PromotedCandidates,
} from '../../graph-data/index.ts';
import { CampaignStore, readToken, readTokenSecret } from '../../graph-data/campaigns/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

export const [minuteMs, hourMs, dayMs]: readonly [number, number, number] = [60_000, 3_600_000, 86_400_000];
/** A midnight of UTC. */
export const start = Date.UTC(2027, 0, 20);
export const settings: CampaignSettings = {
  pins: ['basil'],
  label: 'Promoted',
  targets: { interests: [], pins: [], boards: [], searchTerms: [], excludeInterests: [] },
  surfaces: [],
  bid: { per: 'click', micros: 100 },
  dailyBudgetMicros: 10_000,
  totalBudgetMicros: null,
  timeZone: 'UTC',
  start: new Date(start).toISOString(),
  end: null,
  frequencyCap: { impressions: 1_000, hours: 24 },
  holdout: 0,
  paused: false,
};

/** A folder with campaigns by id, numbered in their order. */
export function folderWith(campaigns: Readonly<Record<string, Partial<CampaignSettings>>>): {
  folder: DataFolder;
  store: CampaignStore;
} {
  const folder = temporaryDataFolder();
  const store = new CampaignStore(folder, 1_000, facts);
  onTestFinished(() => store.close());
  for (const [id, more] of Object.entries(campaigns)) store.put(id, { ...settings, ...more }, [], start);
  return { folder, store };
}

/** Each campaign promotes the pin of its number; the first one basil. */
export const facts: PersonFacts = {
  atOnce: (read) => read(),
  keyOf: (pin) => (pin === 0 ? 'basil' : `pin-${pin}`),
  hasSaved: () => false,
  isHeldOut: () => false,
  passes: () => false,
};
export const candidatesOf = (numbers: readonly number[]): PromotedCandidates => ({
  campaigns: Int32Array.from(numbers),
  pins: Int32Array.from(numbers),
  relevances: Float64Array.from(numbers, () => 1),
});

let lists = 0;
/** Shows the campaigns of these numbers to somebody; returns ids of impressions by campaign. */
export function show(
  { folder, store }: { folder: DataFolder; store: CampaignStore },
  user: string,
  at: number,
  numbers: readonly number[] = [0],
): Map<string, Uint8Array> {
  const { placements } = store.place({
    recommendationId: `list-${++lists}`,
    user,
    surface: 'home',
    interest: numbers.length > 1 ? 'herbs---' : '',
    slots: numbers.map((_, i) => i + 1),
    candidates: candidatesOf(numbers),
    at,
    randomSeed: 1,
    reserveMicros: 100,
    minRelevance: 0,
  });
  const secret = readTokenSecret(folder)!;
  return new Map(placements.map(({ campaign, token }) => [campaign, readToken(secret, token)!]));
}

interface Click {
  readonly impression: Uint8Array;
  readonly kind: 'click';
  readonly user: string;
  readonly pin: string;
}

export const click = (impression: Uint8Array, user: string, pin = 'basil'): Click => ({
  impression,
  kind: 'click',
  user,
  pin,
});

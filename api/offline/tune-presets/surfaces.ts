import type { LeverGroup, Params } from '../../../engine/index.ts';

/** A preset that {@link tunePresets} chooses levers of. */
export type TunedPreset = 'feed' | 'ideas' | 'related';

/** What some levers need to mean anything: times of saves, item weights in the snapshot. */
export type Need = 'times' | 'weights';

/** Candidates that a model ranks. */
const modelCandidates = [50, 200, 800];

interface TunedLevers {
  /** Tried in every combination; values include the default. */
  readonly levers: LeverGroup;
  readonly needs?: Need;
}

interface Surface {
  /** Whose held-out saves count: those of a user from all their boards, or those of one board. */
  readonly queries: 'users' | 'boards';
  readonly queryPins: number;
  /** In the order of their tuning. A new lever is one line here. */
  readonly groups: readonly TunedLevers[];
  /** Overrides of the preset's parameters while levers are chosen: cheaper queries, for more users. */
  readonly whileChoosing: Params;
  /** Of the work of all presets. */
  readonly workShare: number;
}

/** Tried beside every other lever: the same walk is ranked once more, which costs little. */
const discounts = [0.1, 0.15, 0.2, 0.3];

/** Levers of the sharpened walks. */
const sharpened: readonly TunedLevers[] = [
  { levers: { popularityDiscount: [0, ...discounts], specificity: [0, 0.3], sharpening: [0.8, 1] } },
  {
    levers: { linearShare: [0, 0.3, 0.5, 0.7], popularityDiscount: discounts, specificity: [0, 0.3] },
    needs: 'weights',
  },
  { levers: { boardSharpening: [0, 0.3, 0.6], popularityDiscount: discounts } },
  { levers: { startWeight: [0, 0.2, 0.4], popularityDiscount: discounts } },
  { levers: { boardShrinkage: [5, 15, 40], popularityDiscount: discounts } },
];

/**
 * The levers that are tuned for each preset. `related` keeps its specificity: leave-one-out rewards hubs, which specificity is there to
 * hold back (docs/specificity.md), so accuracy alone would choose 0.
 */
export const surfaces: Readonly<Record<TunedPreset, Surface>> = {
  feed: {
    queries: 'users',
    queryPins: Infinity,
    groups: [
      ...sharpened,
      { levers: { halfLifeDays: [30, 180, 1e6], orderDecay: [0.8, 0.9, 0.97, 1] }, needs: 'times' },
    ],
    whileChoosing: { steps: 30_000, backfill: false },
    workShare: 0.6,
  },
  ideas: {
    queries: 'boards',
    queryPins: Infinity,
    groups: sharpened,
    whileChoosing: { backfill: false },
    workShare: 0.25,
  },
  related: {
    queries: 'boards',
    queryPins: 1,
    groups: [
      { levers: { restartProbability: [0.3, 0.4, 0.5], popularityDiscount: [0, 0.05, 0.1] } },
      { levers: { boardShrinkage: [0, 5, 15], popularityDiscount: [0, 0.05, 0.1] } },
    ],
    whileChoosing: { backfill: false },
    workShare: 0.15,
  },
};

/** The levers of a preset that can be tuned, where active models predict these labels. */
export function groupsOf(
  preset: TunedPreset,
  has: ReadonlySet<Need>,
  labels: readonly string[],
): readonly LeverGroup[] {
  const { groups } = surfaces[preset];
  const usable = groups.filter(({ needs }) => needs === undefined || has.has(needs));
  const ofModels = labels.length === 0 ? [] : [{ model: labels, modelCandidates }];
  return [...usable.map(({ levers }) => levers), ...ofModels];
}

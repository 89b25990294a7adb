import { VolumeControl } from '../../../engine/notify/index.ts';
import { type PlanRun, dayMs, dayOf } from '../../../graph-data/index.ts';
import type { Decision } from './decision.ts';
import type { Planner } from './planner.ts';

/** What would be sent to a person now, and why; nothing is counted. */
export interface PlanPreview extends Decision {
  /** What each feature of the first pin adds to the log odds of a click. Empty if nothing was scored. */
  readonly contributions: readonly { readonly feature: string; readonly logOdds: number }[];
}

/**
 * Decides for one person by the threshold of the last plan; before the first plan, anything of positive value
 * is sent. Undefined if they have no channel that may be used. The planner's policy should not explore.
 */
export function previewPlan(
  planner: Planner,
  last: PlanRun | undefined,
  user: string,
  at: number,
): PlanPreview | undefined {
  const seed = last?.seed ?? 1;
  const window = new Date(at).toISOString().slice(0, 10);
  const days = last === undefined ? 0 : Math.max(0, at / dayMs - last.firstDay) % 7;
  const volume = last === undefined ? free : volumeAt(last, at, days);
  const decision = planner.decide(user, { at, seed, window, progress: days / 7, sendShare: 0, volume });
  if (decision === undefined) return undefined;
  const { features } = decision;
  return { ...decision, contributions: features === undefined ? [] : planner.contributionsOf(features) };
}

const free = { isSpent: false, threshold: () => 0, offered: () => undefined };

/** The volume of a week after the last plan's begins with what that one has learned. */
function volumeAt(last: PlanRun, at: number, days: number): VolumeControl {
  const isSameWeek = dayOf(at) - Math.floor(days) <= dayOf(last.at);
  const known = VolumeControl.at(last.volume);
  const volume = isSameWeek ? known : new VolumeControl(last.volume.budget, known.state);
  // The time since then had no offers, so it predicts nothing of the offers to come.
  volume.startDay(days / 7);
  return volume;
}

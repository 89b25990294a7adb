import { check } from '../base/index.ts';

/** How much a campaign may spend on a day, and when. */
export interface PacingPlan {
  readonly startMs: number;
  readonly endMs: number;
  readonly budgetMicros: number;
  /** Share of the day's traffic in each hour from `startMs` on, summing to 1; the last hour may be shorter. */
  readonly traffic: ArrayLike<number>;
}

/** The state of a campaign's controller: plain numbers, to store between steps. */
export interface PacingState {
  /** Share of the auctions that the campaign takes part in now, in [0, 1]. */
  readonly participation: number;
  /** State of the controller, in (0, 1]; the campaign sits out instead where the hour or the day has no more to spend. */
  readonly rate: number;
  /** Time and spend of the last step of `rate`. */
  readonly at: number;
  readonly spentMicros: number;
  /** The current hour of the day, and the spend before it. */
  readonly hour: number;
  readonly spentBeforeMicros: number;
}

const hourMs = 3_600_000;
/** Steps are at least this share of the day's traffic apart, half an average minute: spend of shorter times is mostly chance. */
const stepMin = 1 / 2880;
/** Spend that is off the plan by that of ten average minutes changes the rate by the factor e; so does the lack of any spend for ten. */
const unitShare = 1 / 144;
/** Of a step's change, as logarithms. */
const [changeMin, changeMax] = [-2, 0.7];
const rateMin = 1e-6;
/** For campaigns without a history (Agarwal et al., section 4.2). */
const rateFirst = 0.1;
/** The last traffic of a day has no plan: the remaining budget may be spent at once. */
const unplannedShare = 0.005;
/** No hour spends more of the budget than this times its share of the traffic; impressions shown by then may still bring clicks. */
const hourFactorMax = 1.5;

/** The state at the start of a day, or when the campaign starts within it. `rate`: that of a day before, if known. */
export function startPacing(
  plan: PacingPlan,
  now: number,
  spentMicros = 0,
  rate: number = rateFirst,
): PacingState {
  check(plan.endMs > plan.startMs, 'endMs', `${plan.endMs} is not after ${plan.startMs}`);
  check(plan.traffic.length === Math.ceil((plan.endMs - plan.startMs) / hourMs), 'traffic', 'is not a share for each hour'); // prettier-ignore
  check(plan.budgetMicros >= 0, 'budgetMicros', `${plan.budgetMicros} is not a number from 0`);
  check(rate > 0 && rate <= 1, 'rate', `${rate} is not in (0, 1]`);
  const state = { rate, at: now, spentMicros, hour: hourAt(plan, now), spentBeforeMicros: spentMicros };
  return { ...state, participation: participationOf(plan, state, spentMicros) };
}

/**
 * The next state of a campaign's budget pacing, by throttling: a campaign sits out auctions, and never changes its bid (Agarwal, Ghosh,
 * Wei and You, "Budget Pacing for Targeted Online Advertisements at LinkedIn", KDD 2014, doi:10.1145/2623330.2623366). The plan spends the
 * remaining budget in proportion to the remaining traffic, so a shortfall is made up for over the rest of the day. The rate is
 * multiplied by exp((planned − spent) / unit), the update of dual mirror descent with entropy (Balseiro, Lu and Mirrokni, Operations Research
 * 2023, doi:10.1287/opre.2021.2242), in place of a fixed 10 %: it is unbiased, however few and dear the clicks are.
 *
 * Call it once a minute and campaign, or on every charge: it waits until there is enough to go by. `spentMicros`: of this day so far;
 * with prices per click, add to it the price × probability of impressions whose click may still come, else the controller reacts
 * later. O(hours).
 */
export function pace(plan: PacingPlan, state: PacingState, now: number, spentMicros: number): PacingState {
  const time = Math.max(now, state.at);
  const hour = hourAt(plan, time);
  const entered = hour === state.hour ? state : { ...state, hour, spentBeforeMicros: spentMicros };
  const from = trafficUntil(plan, state.at);
  const passed = trafficUntil(plan, time) - from;
  const next =
    passed < stepMin ? entered : { ...entered, rate: nextRate(plan, state, from, passed, spentMicros), at: time, spentMicros }; // prettier-ignore
  return { ...next, participation: participationOf(plan, next, spentMicros) };
}

function nextRate(
  plan: PacingPlan,
  state: PacingState,
  from: number,
  passed: number,
  spentMicros: number,
): number {
  const left = 1 - unplannedShare - from;
  const budgetLeft = plan.budgetMicros - state.spentMicros;
  if (left <= passed || budgetLeft <= 0) return 1;
  const planned = (budgetLeft * passed) / left;
  const unit = (budgetLeft * unitShare) / left;
  const change = (planned - (spentMicros - state.spentMicros)) / unit;
  return Math.min(1, Math.max(rateMin, state.rate * Math.exp(Math.min(changeMax, Math.max(changeMin, change))))); // prettier-ignore
}

function participationOf(
  plan: PacingPlan,
  { rate, hour, spentBeforeMicros }: Omit<PacingState, 'participation'>,
  spentMicros: number,
): number {
  const hourMax = hourFactorMax * plan.budgetMicros * plan.traffic[hour]!;
  return spentMicros >= plan.budgetMicros || spentMicros - spentBeforeMicros >= hourMax ? 0 : rate;
}

function hourAt(plan: PacingPlan, time: number): number {
  const hour = Math.floor((time - plan.startMs) / hourMs);
  return Math.min(plan.traffic.length - 1, Math.max(0, hour));
}

/** The share of the day's traffic before a time, in [0, 1]; within an hour it is even. */
function trafficUntil(plan: PacingPlan, time: number): number {
  const hour = hourAt(plan, time);
  const start = plan.startMs + hour * hourMs;
  const length = Math.min(hourMs, plan.endMs - start);
  let share = plan.traffic[hour]! * Math.min(1, Math.max(0, (time - start) / length));
  for (let i = 0; i < hour; i++) share += plan.traffic[i]!;
  return share;
}

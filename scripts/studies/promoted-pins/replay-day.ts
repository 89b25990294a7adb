import { type PacingPlan, type RandomStream, nextUnit, pace, startPacing } from '../../../engine/index.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

interface Demand {
  /** Requests by hour of the day. */
  readonly requests: readonly number[];
  /** Of a click, on average; each costs from a half to one and a half of it. */
  readonly clickMicros: number;
  readonly clickProbability: number;
  /** From the impression to the click, on average. */
  readonly delayMs: number;
}

export interface ReplayedDay {
  readonly spentMicros: number;
  readonly byHour: readonly number[];
  /** By minute. */
  readonly participations: readonly number[];
}

/**
 * A day of requests, each an auction that the campaign would win; clicks are charged when they come, never beyond the budget. The
 * controller is asked once a minute. `isPaced`: false takes part in every auction while there is budget.
 */
export function replayDay(
  plan: PacingPlan,
  demand: Demand,
  stream: RandomStream,
  isPaced = true,
): ReplayedDay {
  let state = startPacing(plan, plan.startMs);
  let due: { readonly at: number; readonly micros: number }[] = [];
  const byHour = demand.requests.map(() => 0);
  const participations: number[] = [];
  let spentMicros = 0;
  for (let now = plan.startMs; now < plan.endMs; now += minuteMs) {
    const hour = Math.floor((now - plan.startMs) / hourMs);
    for (const { micros } of due.filter(({ at }) => at <= now).toSorted((a, b) => a.at - b.at)) {
      if (spentMicros + micros > plan.budgetMicros) continue;
      spentMicros += micros;
      byHour[hour]! += micros;
    }
    due = due.filter(({ at }) => at > now);
    state = pace(plan, state, now, spentMicros);
    const participation = isPaced ? state.participation : Number(spentMicros < plan.budgetMicros);
    participations.push(participation);
    const requests = Math.floor(demand.requests[hour]! / 60 + nextUnit(stream));
    for (let i = 0; i < requests; i++) {
      if (nextUnit(stream) >= participation || nextUnit(stream) >= demand.clickProbability) continue;
      const micros = Math.round(demand.clickMicros * (0.5 + nextUnit(stream)));
      due.push({ at: now - demand.delayMs * Math.log(1 - nextUnit(stream)), micros });
    }
  }
  return { spentMicros, byHour, participations };
}

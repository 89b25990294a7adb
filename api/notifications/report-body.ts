import { sampleRatioAlarm } from '../../engine/experiments/index.ts';
import {
  type HoldoutReport,
  type NotificationReport,
  dateOf,
  dayOf,
  suppressions,
} from '../../graph-data/index.ts';
import type { NotificationReportResponse } from '../contract/index.ts';

type HoldoutBody = NonNullable<NotificationReportResponse['holdout']>;

/** The report from a day on, in days since 1970, until now, for responses and the command. */
export function notificationReportBody(
  { total, waiting, heldBack, plans, holdout, calibration, hours }: NotificationReport,
  from: number,
  now: number,
): NotificationReportResponse {
  return {
    from: dateOf(from),
    to: dateOf(dayOf(now)),
    total,
    waiting,
    heldBack: Object.entries(heldBack)
      .map(([rule, count]) => ({ rule, count }))
      .toSorted((a, b) => b.count - a.count || a.rule.localeCompare(b.rule)),
    rules: suppressions,
    volume: plans.map(({ campaign, window, people, volume: { budget, sent, threshold } }) => ({
      campaign,
      window,
      people,
      budget,
      planned: sent,
      threshold,
    })),
    holdout: holdout === undefined ? null : holdoutBody(holdout),
    calibration: [...calibration],
    hours: hours.map(({ sent, opened, clicked }, hour) => ({ hour, sent, opened, clicked })),
  };
}

function holdoutBody({ campaign, from, arms, metrics, sampleRatioPValue }: HoldoutReport): HoldoutBody {
  const [heldOut, notified] = arms.map(({ users }) => users) as [number, number];
  return {
    campaign,
    from: dateOf(from),
    heldOut,
    notified,
    sampleRatio: { pValue: sampleRatioPValue, isOff: sampleRatioPValue < sampleRatioAlarm },
    metrics: metrics.map(({ metric, controlValue, effects: [effect] }) => {
      const { value, raw, adjusted } = effect!;
      const { difference, interval, always } = adjusted ?? raw;
      return {
        metric,
        heldOut: finite(controlValue),
        notified: finite(value),
        difference: finite(difference),
        ...finiteInterval(interval),
        anyLook: finiteInterval(always.interval),
      };
    }),
  };
}

function finiteInterval({ low, high }: { readonly low: number; readonly high: number }) {
  return { low: finite(low), high: finite(high) };
}

/** JSON has no other numbers. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

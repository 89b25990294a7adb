import { type Effect, sampleRatioAlarm, verdictOf } from '../../engine/experiments/index.ts';
import { type Experiment, type ServedReport, dateOf } from '../../graph-data/index.ts';
import type { ExperimentReportResponse, ExperimentResponse } from '../contract/index.ts';

type EffectBody = ExperimentReportResponse['metrics'][number]['effects'][number]['raw'];

/** The report of an experiment, for responses and the command. While the sample ratio is off, nothing is decided. */
export function reportBody(
  { id, state }: Pick<ExperimentResponse, 'id' | 'state'>,
  { surface, start, end, guardrails }: Experiment,
  { arms, impressions, inSeveralArms, sampleRatioPValue, metrics, days, daysCounted }: ServedReport,
): ExperimentReportResponse {
  const isOff = sampleRatioPValue < sampleRatioAlarm;
  return {
    id,
    state,
    surface,
    start,
    end,
    arms: arms.map(({ arm, users, share }, i) => ({
      name: arm,
      share,
      users,
      impressions: impressions[i]!,
    })),
    inSeveralArms,
    sampleRatio: { pValue: sampleRatioPValue, isOff },
    metrics: metrics.map(({ metric, controlValue, effects }, i) => ({
      metric,
      role: i === 0 ? 'decides' : 'guardrail',
      controlValue: finite(controlValue),
      effects: effects.map(({ arm, value, raw, adjusted, pValueHolm }) => {
        const found = verdictOf(adjusted ?? raw, pValueHolm, controlValue);
        const verdict = isOff ? 'undecided' : found.verdict;
        return {
          arm,
          value: finite(value),
          raw: effectBody(raw),
          adjusted: adjusted && withReduction(effectBody(adjusted), adjusted.varianceReduction),
          pValue: Number.isNaN(pValueHolm) ? 1 : pValueHolm,
          verdict,
          isHarm: verdict === guardrails[i - 1]?.worse,
          largest: found.largest,
        };
      }),
    })),
    days: days.map(({ day, report }) => ({
      day: dateOf(day),
      arms: report.metrics[0]!.effects.map(({ arm, raw, adjusted }) => {
        const { difference, always } = adjusted ?? raw;
        const { low, high } = always.interval;
        return { name: arm, difference: finite(difference), low: finite(low), high: finite(high) };
      }),
    })),
    daysCounted,
  };
}

function effectBody({ difference, standardError, interval, always }: Effect): EffectBody {
  return {
    difference: finite(difference),
    standardError: finite(standardError),
    low: finite(interval.low),
    high: finite(interval.high),
    anyLook: { low: finite(always.interval.low), high: finite(always.interval.high) },
  };
}

function withReduction(
  effect: EffectBody,
  varianceReduction: number,
): EffectBody & { readonly varianceReduction: number | null } {
  return { ...effect, varianceReduction: finite(varianceReduction) };
}

/** JSON has no other numbers. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

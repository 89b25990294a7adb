import { holm } from '../metrics/index.ts';
import { type ComparedEffect, compareArms } from './effect.ts';
import type { Moments } from './moments.ts';
import { sampleRatioPValue } from './sample-ratio.ts';

/** One arm: a variant that some of the users meet. */
export interface ArmOutcomes {
  readonly arm: string;
  readonly users: number;
  /** One for each metric. */
  readonly metrics: readonly Moments[];
}

interface ArmEffect extends ComparedEffect {
  readonly arm: string;
  readonly value: number;
  /** The always-valid p-value, adjusted for the number of arms compared with the control (Holm). */
  readonly pValueHolm: number;
}

export interface ExperimentReport {
  readonly arms: readonly { readonly arm: string; readonly users: number; readonly share: number }[];
  readonly sampleRatioPValue: number;
  readonly metrics: readonly {
    readonly metric: string;
    readonly controlValue: number;
    readonly effects: readonly ArmEffect[];
  }[];
}

/**
 * Compares every arm with the first, the control, on every metric. `shares` are the intended shares of the arms, of any
 * sum. The adjusted effect decides where there is one: it has the same expectation and less variance.
 */
export function reportExperiment(
  metrics: readonly string[],
  arms: readonly ArmOutcomes[],
  shares: readonly number[],
  plannedUsers: number,
): ExperimentReport {
  const [control, ...others] = arms;
  const shareSum = shares.reduce((sum, share) => sum + share, 0);
  return {
    arms: arms.map(({ arm, users }, i) => ({ arm, users, share: shares[i]! / shareSum })),
    sampleRatioPValue: sampleRatioPValue(
      arms.map(({ users }) => users),
      shares,
    ),
    metrics: metrics.map((metric, i) => {
      const inControl = control!.metrics[i]!;
      const compared = others.map((other) => compareArms(inControl, other.metrics[i]!, plannedUsers));
      const pValues = holm(compared.map(({ raw, adjusted }) => (adjusted ?? raw).always.pValue));
      const effects = others.map((other, j) => {
        const { raw, adjusted } = compared[j]!;
        return { arm: other.arm, value: other.metrics[i]!.value, raw, adjusted, pValueHolm: pValues[j]! };
      });
      return { metric, controlValue: inControl.value, effects };
    }),
  };
}

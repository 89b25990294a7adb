import type { Effect } from './effect.ts';

/** What may be said of an effect at any time. */
interface Verdict {
  readonly verdict: 'higher' | 'lower' | 'undecided';
  /** The largest difference that is not excluded, as a share of the control's value; null if there is no such share. */
  readonly largest: number | null;
}

/** Decides by the always-valid p-value, which several arms have adjusted. */
export function verdictOf({ always }: Effect, pValueHolm: number, controlValue: number): Verdict {
  const { low, high } = always.interval;
  const largest = Math.max(-low, high) / Math.abs(controlValue);
  const isShown = pValueHolm < 0.05;
  return {
    verdict: !isShown ? 'undecided' : low > 0 ? 'higher' : 'lower',
    largest: Number.isFinite(largest) ? largest : null,
  };
}

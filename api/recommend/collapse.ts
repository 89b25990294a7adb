import { type Work, prices } from '../../engine/base/index.ts';
import type { PinIndex } from '../../engine/graph/index.ts';
import type { Ranking } from '../../engine/pipeline/index.ts';
import type { IsExcluded } from '../../engine/rank/index.ts';
import type { Store } from '../../graph-data/index.ts';
import { valueOf } from './compile-filter.ts';

/** Runs of a pipeline in one request: the last one may leave the list shorter. */
const roundsMax = 5;

/** The field of which a list has each value once. */
interface Collapsed {
  /** Undefined for a pin without a value, and for lists and objects. */
  readonly valueOfPin: (pin: PinIndex) => unknown;
  /** The values of earlier pages. */
  readonly taken: ReadonlySet<unknown>;
}

/** `seen`: keys of the pins of earlier pages. */
export function collapsedValue(store: Store, field: string, seen: readonly string[], work: Work): Collapsed {
  const valueOfPin = (pin: PinIndex): unknown => {
    work.count(1, prices.row);
    const row = store.nodeAt('pins', pin);
    const value = row && valueOf(row, field);
    return typeof value === 'object' ? undefined : value;
  };
  const taken = seen.flatMap((key) => {
    const pin = store.indexOf('pins', key);
    return pin === undefined ? [] : [valueOfPin(pin)];
  });
  return { valueOfPin, taken: new Set(taken) };
}

/**
 * The list of a pipeline with one pin for each value: the best one. What repeats a value is left out, and the pipeline run again
 * over the same walk until nothing does, five times at most.
 */
export function runCollapsed(
  run: (isExcluded: IsExcluded, reusesWalk: boolean) => Ranking,
  isExcluded: IsExcluded,
  { valueOfPin, taken }: Collapsed,
): Ranking {
  const left = new Set<PinIndex>();
  for (let round = 1; ; round++) {
    const ranking = run((pin) => left.has(pin) || isExcluded(pin), round > 1);
    const shown = new Set(taken);
    const best = ranking.best.filter(({ pin }) => {
      const value = valueOfPin(pin);
      if (value === undefined) return true;
      const isFirst = !shown.has(value);
      shown.add(value);
      return isFirst;
    });
    if (best.length === ranking.best.length || round === roundsMax) return { ...ranking, best };
    const kept = new Set(best.map(({ pin }) => pin));
    for (const { pin } of ranking.best) if (!kept.has(pin)) left.add(pin);
  }
}

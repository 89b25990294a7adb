import { PairHeads } from './pair-heads.ts';

/** Impressions and actions, row by row. */
export interface InteractionColumns {
  readonly count: number;
  readonly isImpression: Uint8Array;
  readonly users: Int32Array;
  /** 0: none. */
  readonly pins: Int32Array;
  /** 0: none. */
  readonly recommendations: Int32Array;
  /** Milliseconds. */
  readonly times: Float64Array;
}

export interface AttributionRule {
  /** How long after an impression an action counts. */
  readonly windowMs: number;
  /** Whether an action without a recommendation is credited to the last impression, or to all within the window. */
  readonly touch: 'last' | 'all';
}

/** Clocks of clients and servers differ: an action that names its list may have happened so long before the impression. */
export const skewMsMax = 86_400_000;

/**
 * Credits actions to impressions of the same pin. An action that names a recommendation is credited to the impression of that
 * pin in it, if there is one from `windowMs` before the action to {@link skewMsMax} after it; otherwise to the last impression
 * of the pin to the same person within the window, or to all of them. Of impressions at the same time, the later row is the
 * last. The order of rows does not matter otherwise.
 *
 * `onCredit` is called with the rows of action and impression, `onNone` with an action that gets no credit. O(rows, plus pairs
 * of an action and an impression of one person and pin).
 */
export function attribute(
  columns: InteractionColumns,
  { windowMs, touch }: AttributionRule,
  onCredit: (action: number, impression: number) => void,
  onNone: (action: number) => void,
): void {
  const { count, isImpression, users, pins, recommendations, times } = columns;
  let actions = 0;
  for (let row = 0; row < count; row++) actions += 1 - isImpression[row]!;
  const [byPerson, byList] = [new PairHeads(actions), new PairHeads(actions)];
  for (let row = 0; row < count; row++) {
    if (isImpression[row] === 1 || pins[row] === 0) continue;
    byPerson.add(users[row]!, pins[row]!);
    if (recommendations[row]! > 0) byList.add(recommendations[row]!, pins[row]!);
  }
  // Only impressions that an action may be credited to are chained: later rows first.
  const [earlierOfPerson, earlierOfList] = [new Int32Array(count), new Int32Array(count)];
  for (let row = 0; row < count; row++) {
    if (isImpression[row] === 0) continue;
    earlierOfPerson[row] = byPerson.push(users[row]!, pins[row]!, row);
    if (recommendations[row]! > 0) earlierOfList[row] = byList.push(recommendations[row]!, pins[row]!, row);
  }
  const lastOf = (head: number, earlier: Int32Array, from: number, until: number): number => {
    let last = -1;
    for (let row = head; row >= 0; row = earlier[row]!) {
      const time = times[row]!;
      if (time >= from && time <= until && (last < 0 || time > times[last]!)) last = row;
    }
    return last;
  };
  for (let row = 0; row < count; row++) {
    if (isImpression[row] === 1) continue;
    const pin = pins[row]!;
    const time = times[row]!;
    const from = time - windowMs;
    const list = recommendations[row]!;
    if (pin > 0 && list > 0) {
      const named = lastOf(byList.head(list, pin), earlierOfList, from, time + skewMsMax);
      if (named >= 0) {
        onCredit(row, named);
        continue;
      }
    }
    const head = pin > 0 ? byPerson.head(users[row]!, pin) : -1;
    const last = lastOf(head, earlierOfPerson, from, time);
    if (last < 0) onNone(row);
    else if (touch === 'last') onCredit(row, last);
    else {
      for (let each = head; each >= 0; each = earlierOfPerson[each]!) {
        if (times[each]! >= from && times[each]! <= time) onCredit(row, each);
      }
    }
  }
}

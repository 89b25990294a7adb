import { attribute, type AttributionRule } from '../../engine/attribution/index.ts';
import type { LoadedDays, Names } from '../engagement/index.ts';
import { dayMs } from '../interactions/index.ts';
import { impression } from '../interactions/index.ts';
import type { Quantity } from './metric.ts';

/** Whose sums they are: those of an arm by its index, of the surface before the experiment, or of actions without a pin. */
export const [beforeExperiment, withoutPin] = [-1, -2] as const;

/** The sums of one person on one day: the key, the arm or one of the above, and the sum of each quantity. */
export type PersonDay = [person: string, arm: number, ...sums: number[]];

/** The people and quantities to count. */
interface PeopleCount {
  readonly surface: string;
  /** As interactions name them. */
  readonly arms: readonly string[];
  /** Milliseconds since 1970: of the experiment. */
  readonly start: number;
  readonly quantities: readonly Quantity[];
}

/**
 * Counts people's impressions and actions, on the days from `first` to `last`. As in reports of engagement,
 * actions count for the day, the arm and the person of the impression that gets credit for them, once for each
 * kind; values are those of all these actions. Actions that name no pin count for their own day and person.
 * O(rows).
 */
export function countPeople(
  loaded: LoadedDays,
  [first, last]: readonly [number, number],
  rule: AttributionRule,
  { surface, arms, start, quantities }: PeopleCount,
  names: Names,
  people: Names,
): Map<number, PersonDay[]> {
  const { count, isImpression, users, pins, lists, kinds, times, values, byList } = loaded;
  const surfaceNumber = names.of(surface);
  const armOf = new Map(arms.map((arm, i) => [names.of(arm), i]));
  const wanted = quantities.map(({ kind, isValue }) => ({ kind: names.of(kind), isValue }));
  const shown = names.of(impression);
  const days = new Map<number, Map<string, PersonDay>>();
  for (let day = first; day <= last; day++) days.set(day, new Map());
  const sumsOf = (row: number, arm: number): PersonDay | undefined => {
    const ofDay = days.get(Math.floor(times[row]! / dayMs));
    if (ofDay === undefined) return undefined;
    const key = `${arm} ${users[row]!}`;
    let sums = ofDay.get(key);
    if (sums === undefined) {
      sums = [people.at(users[row]!)!, arm, ...wanted.map(() => 0)];
      ofDay.set(key, sums);
    }
    return sums;
  };
  const add = (sums: PersonDay | undefined, kind: number, value: number, isRepeated: boolean): void => {
    if (sums === undefined) return;
    for (const [i, each] of wanted.entries()) {
      if (each.kind !== kind) continue;
      (sums as number[])[i + 2]! += each.isValue ? value : Number(!isRepeated);
    }
  };
  /** The arm of an impression; undefined for one that does not count. */
  const armAt = (row: number): number | undefined => {
    const list = lists[row]!;
    if (times[row]! >= start) return armOf.get(byList.arms[list]!);
    return byList.surfaces[list] === surfaceNumber ? beforeExperiment : undefined;
  };
  for (let row = 0; row < count; row++) {
    if (isImpression[row] === 0) continue;
    const arm = armAt(row);
    if (arm !== undefined) add(sumsOf(row, arm), shown, 0, false);
  }
  const isWanted = new Set(wanted.map(({ kind }) => kind));
  /** Impressions that an action of a kind was credited to, by kind. */
  const acted = new Map([...isWanted].map((kind) => [kind, new Set<number>()]));
  attribute(
    loaded,
    rule,
    (action, row) => {
      const kind = kinds[action]!;
      const before = acted.get(kind);
      const arm = before === undefined ? undefined : armAt(row);
      if (arm === undefined) return;
      add(sumsOf(row, arm), kind, values[action]!, before!.has(row));
      before!.add(row);
    },
    (action) => {
      const isCounted = pins[action] === 0 && times[action]! >= start && isWanted.has(kinds[action]!);
      if (isCounted) add(sumsOf(action, withoutPin), kinds[action]!, values[action]!, false);
    },
  );
  return new Map([...days].map(([day, ofDay]) => [day, [...ofDay.values()]]));
}

import { type AttributionRule, attribute } from '../../engine/attribution/index.ts';
import type { LoadedDays } from './load-days.ts';
import { dayMs } from '../interactions/index.ts';
import { type Names, groupCount, rankMax } from './names.ts';

/** Impressions in one kind of place and the actions that followed, by group of people. */
export interface Cell {
  readonly surface: string | null;
  readonly pipeline: string | null;
  readonly arm: string | null;
  /** The rank, or the class of the pins; 0: unknown. */
  readonly class: number;
  /** Impressions, by group. */
  readonly shown: number[];
  /** By kind of action. */
  readonly kinds: Record<string, ActedCell>;
}

/** The credited actions of a kind, counted by the day of their impression. */
interface ActedCell {
  /** Impressions with such an action, by group. */
  readonly acted: number[];
  /** Actions, by group. */
  readonly actions: number[];
  value: number;
}

/** A day: its impressions, and by kind the number of actions that no impression gets credit for. */
export interface DayCells {
  readonly cells: Cell[];
  readonly uncredited: Record<string, number>;
}

/** Counts the days from `first` to `last`, of rows that include all days on which they depend. O(rows). */
export function countDays(
  loaded: LoadedDays,
  [first, last]: readonly [number, number],
  rule: AttributionRule,
  names: Names,
): Map<number, DayCells> {
  const days = new Map<number, DayCells>();
  for (let day = first; day <= last; day++) days.set(day, { cells: [], uncredited: record() });
  const { count, isImpression, lists, classes, times, byList, kinds, values } = loaded;
  const dayOf = (row: number): number => Math.floor(times[row]! / dayMs);
  const { places, ofList } = placesOf(loaded);
  /** By day, place and class. */
  const cells: (Cell | undefined)[] = [];
  const cellOf = (row: number, day: number): Cell => {
    const own = classes[row]!;
    const place = ofList[lists[row]!]!;
    const index = ((day - first) * places.length + place) * (rankMax + 2) + own;
    const known = cells[index];
    if (known !== undefined) return known;
    const { surface, pipeline, arm } = places[place]!;
    const named = { surface: names.at(surface), pipeline: names.at(pipeline), arm: names.at(arm) };
    const cell: Cell = { ...named, class: own, shown: zeros(), kinds: record() };
    cells[index] = cell;
    days.get(day)!.cells.push(cell);
    return cell;
  };
  for (let row = 0; row < count; row++) {
    if (isImpression[row] === 0) continue;
    const day = dayOf(row);
    if (day >= first && day <= last) cellOf(row, day).shown[byList.groups[lists[row]!]!]!++;
  }
  /** Impressions that an action of a kind was credited to, by kind. */
  const acted = new Map<number, Set<number>>();
  attribute(
    loaded,
    rule,
    (action, impression) => {
      const day = dayOf(impression);
      if (day < first || day > last) return;
      const group = byList.groups[lists[impression]!]!;
      const kind = kinds[action]!;
      const name = names.at(kind)!;
      const cell = cellOf(impression, day);
      cell.kinds[name] ??= { acted: zeros(), actions: zeros(), value: 0 };
      const own = cell.kinds[name];
      own.actions[group]!++;
      own.value += values[action]!;
      const impressions = acted.get(kind) ?? new Set();
      acted.set(kind, impressions);
      if (impressions.has(impression)) return;
      impressions.add(impression);
      own.acted[group]!++;
    },
    (action) => {
      const day = dayOf(action);
      if (day < first || day > last) return;
      const { uncredited } = days.get(day)!;
      const name = names.at(kinds[action]!)!;
      uncredited[name] = (uncredited[name] ?? 0) + 1;
    },
  );
  return days;
}

interface Place {
  readonly surface: number;
  readonly pipeline: number;
  readonly arm: number;
}

/** The distinct surfaces, pipelines and arms together, and which of them a list has. */
function placesOf({ byList: { surfaces, pipelines, arms } }: LoadedDays): {
  readonly places: readonly Place[];
  readonly ofList: Int32Array;
} {
  const numbers = new Map<string, number>();
  const places: Place[] = [];
  const ofList = surfaces.map((surface, list) => {
    const [pipeline, arm] = [pipelines[list]!, arms[list]!];
    const key = `${surface} ${pipeline} ${arm}`;
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, places.length);
    return places.push({ surface, pipeline, arm }) - 1;
  });
  return { places, ofList };
}

/** Names of kinds are any: none may be one of Object's own. */
function record<Value>(): Record<string, Value> {
  return Object.create(null) as Record<string, Value>;
}

function zeros(): number[] {
  return Array<number>(groupCount).fill(0);
}

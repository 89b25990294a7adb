import { type RecommendedItem, titleOf } from '../rest/index.ts';

/** A column of a table of ranked pins. */
export interface Column {
  readonly name: string;
  readonly about: string;
  /** Undefined for an item without the figure. */
  readonly value: (item: RecommendedItem) => number | string | undefined;
  readonly format?: (value: number) => string;
  /** Whether the figure is a lower bound. */
  readonly isBound?: (item: RecommendedItem) => boolean;
  readonly isText?: boolean;
  /** Whether it sorts upwards first. */
  readonly isBestSmall?: boolean;
}

const topVia = ({ reason }: RecommendedItem) => reason?.via[0];
const isBound = (item: RecommendedItem): boolean => topVia(item)?.isLowerBound === true;
const digits = (value: number): string =>
  Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 8 });

const rank: Column = { name: '#', about: 'Rank', value: (item) => item.rank, isBestSmall: true };
const pin: Column = { name: 'Pin', about: 'Title, or key', value: titleOf, isText: true, isBestSmall: true };
const score: Column = {
  name: 'Score',
  about: 'Higher is better; comparable within this list',
  value: (item) => item.score,
  format: digits,
};
const saves: Column = {
  name: 'Saves',
  about: 'Boards that hold the pin',
  value: ({ reason }) => reason?.saves,
};
const together: Column = {
  name: 'Together',
  about: 'Boards that hold both the pin and the pin of the query with which it shares most boards',
  value: (item) => topVia(item)?.paths,
  isBound,
};
const withPin: Column = {
  name: 'With',
  about: 'The pin of the query with which it shares most boards',
  value: (item) => topVia(item)?.pin,
  isText: true,
  isBestSmall: true,
};
const lift: Column = {
  name: 'Lift',
  about: 'How many times as often the two share a board as by chance',
  value: (item) => topVia(item)?.lift,
  format: digits,
  isBound,
};

/** The columns of a list. `With` is there only if the items go with different pins of the query. */
export function columnsOf(items: readonly RecommendedItem[]): readonly Column[] {
  const partners = new Set(items.flatMap((item) => topVia(item)?.pin ?? []));
  return [rank, pin, score, saves, together, ...(partners.size > 1 ? [withPin] : []), lift];
}

/** Items without the figure come last, in either order; equal ones keep their rank. */
export function sortedBy(
  items: readonly RecommendedItem[],
  column: Column | undefined,
  isUp: boolean,
): readonly RecommendedItem[] {
  if (column === undefined) return items;
  const sign = isUp ? 1 : -1;
  return items.toSorted((a, b) => {
    const [left, right] = [column.value(a), column.value(b)];
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    if (typeof left === 'string' || typeof right === 'string')
      return sign * String(left).localeCompare(String(right));
    return sign * (left - right);
  });
}

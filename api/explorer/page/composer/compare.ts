import { type RecommendedItem, thingOf } from '../rest/index.ts';

/** Where an item stands against another answer: places gained (below 0: lost), or `only` when it is not in that one. */
export type Mark = number | 'only';

/** Marks by key. */
export function marksOf(
  items: readonly RecommendedItem[],
  others: readonly RecommendedItem[],
): ReadonlyMap<string, Mark> {
  const ranks = new Map(others.map((item) => [thingOf(item).key, item.rank]));
  return new Map(
    items.map((item) => {
      const { key } = thingOf(item);
      const rank = ranks.get(key);
      return [key, rank === undefined ? 'only' : rank - item.rank];
    }),
  );
}

/** Of these marks, those of items that the other answer has not: moves are told on one side alone. */
export function onlyThere(marks: ReadonlyMap<string, Mark>): ReadonlyMap<string, Mark> {
  return new Map([...marks].filter(([, mark]) => mark === 'only'));
}

/** How many items two answers have in common. */
export function sharedCount(a: readonly RecommendedItem[], b: readonly RecommendedItem[]): number {
  return [...marksOf(a, b).values()].filter((mark) => mark !== 'only').length;
}

import type { Placement } from '../../graph-data/campaigns/index.ts';
import type { RecommendedItem } from '../contract/index.ts';

/** A promoted pin in its slot, with the other fields of an item. */
export interface PlacedPin extends Placement {
  readonly score: number;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/** An item that has no rank yet, for a slot. */
interface Slotted<Item> {
  readonly slot: number;
  readonly item: Omit<Item, 'rank'>;
}

/**
 * Slots of a page that a list can have without a gap before them. `ranked`: items of the pages before; `count`: items of the list,
 * which promoted ones push down.
 */
export function slotsOf(
  slots: readonly number[],
  { ranked, count, limit }: { readonly ranked: number; readonly count: number; readonly limit: number },
): number[] {
  const own = slots.filter((slot) => slot > ranked && slot <= ranked + limit);
  return own.filter((slot, i) => slot <= ranked + count + i + 1);
}

/** The page with items in their slots; the last ones make room where it would be longer than `limit`. Ranks are those of the whole. */
export function compose<Item extends { readonly rank: number }>(
  items: readonly Item[],
  slotted: readonly Slotted<Item>[],
  { ranked, limit }: { readonly ranked: number; readonly limit: number },
): Item[] {
  const page: Omit<Item, 'rank'>[] = items.map(({ rank: _rank, ...item }) => item);
  for (const { slot, item } of slotted.toSorted((a, b) => a.slot - b.slot))
    page.splice(slot - ranked - 1, 0, item);
  const withRank = (item: Omit<Item, 'rank'>, i: number): Item =>
    ({ rank: ranked + i + 1, ...item }) as unknown as Item;
  return page.slice(0, limit).map(withRank);
}

/** The field `promoted` of an item. */
export function promotionOf({ campaign, label, token }: Placement): NonNullable<RecommendedItem['promoted']> {
  return { campaign, label, token };
}

/** A promoted pin as an item of recommendations. */
export function itemOf(placed: PlacedPin): Slotted<RecommendedItem> {
  const { slot, pin, score, fields } = placed;
  const item = { pin, score, promoted: promotionOf(placed), ...(fields !== undefined && { fields }) };
  return { slot, item };
}

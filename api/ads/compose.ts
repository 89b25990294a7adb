import type { Placement } from '../../graph-data/campaigns/index.ts';
import type { RecommendedItem } from '../contract/index.ts';

/** A promoted pin in its slot, with what an item has besides. */
export interface PlacedPin extends Placement {
  readonly score: number;
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
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

/** The page with promoted pins in their slots; the last items make room where it would be longer than `limit`. Ranks are those of the whole. */
export function compose(
  items: readonly RecommendedItem[],
  placed: readonly PlacedPin[],
  { ranked, limit }: { readonly ranked: number; readonly limit: number },
): RecommendedItem[] {
  const page: Omit<RecommendedItem, 'rank'>[] = items.map(({ rank: _rank, ...item }) => item);
  for (const { slot, pin, score, fields, campaign, label, token } of placed.toSorted(
    (a, b) => a.slot - b.slot,
  )) {
    const promoted = { campaign, label, token };
    page.splice(slot - ranked - 1, 0, { pin, score, promoted, ...(fields !== undefined && { fields }) });
  }
  const withRank = (item: Omit<RecommendedItem, 'rank'>, i: number): RecommendedItem => ({
    rank: ranked + i + 1,
    ...item,
  });
  return page.slice(0, limit).map(withRank);
}

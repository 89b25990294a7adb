import type { Placed } from '../../graph-data/campaigns/index.ts';
import type { PromotedSummary } from '../contract/index.ts';

type Reason = PromotedSummary['unfilled'][number]['reason'];

interface Filling {
  /** Of the request. */
  readonly slots: readonly number[];
  /** The slots among them that the list can have. */
  readonly own: readonly number[];
  /** Items of the pages before. */
  readonly ranked: number;
  readonly limit: number;
  /** Candidates of the auction. */
  readonly candidates: number;
  /** Paused campaigns that suit the list. */
  readonly paused: number;
  /** Of the auction, if there was one. */
  readonly placed?: Placed | undefined;
  /** Why there was none. */
  readonly without?: 'no-campaign' | 'unavailable' | undefined;
}

/** Why slots of a page have no promoted pin. */
export function summaryOf(filling: Filling): PromotedSummary {
  const { slots, own, ranked, limit, candidates, paused, placed, without } = filling;
  const { placements = [], ruledOut = {} } = placed ?? {};
  const filled = new Set(placements.map(({ slot }) => slot));
  const reasonOf = (slot: number): Reason => {
    if (without !== undefined) return without;
    if (!own.includes(slot)) return 'short-list';
    if (candidates === 0) return paused > 0 ? 'ruled-out' : 'no-match';
    return placements.length === 0 ? 'ruled-out' : 'too-few';
  };
  const unfilled = slots
    .filter((slot) => slot > ranked && slot <= ranked + limit && !filled.has(slot))
    .map((slot) => ({ slot, reason: reasonOf(slot) }));
  const pausedInAll = paused + (ruledOut.paused ?? 0);
  return { unfilled, ruledOut: { ...ruledOut, ...(pausedInAll > 0 && { paused: pausedInAll }) } };
}

import type { PersonPromotions } from '../../graph-data/index.ts';
import type { ExportedPromotions } from '../contract/index.ts';

/** What campaigns keep of a person, as an export has it. */
export function exportedPromotions({ impressions, hidden }: PersonPromotions): ExportedPromotions {
  return {
    impressions: impressions.map(({ campaign, pin, surface, interest, at, isGhost, clickedAt, savedAt }) => ({
      campaign,
      pin,
      surface: surface === '' ? null : surface,
      interest: interest === '' ? null : interest,
      at: new Date(at).toISOString(),
      isHeldOut: isGhost === 1,
      clickedAt: dateOf(clickedAt),
      savedAt: dateOf(savedAt),
    })),
    hidden: [...hidden],
  };
}

function dateOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}

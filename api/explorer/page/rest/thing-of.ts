import type { ThingName } from '../address/index.ts';
import type { RecommendedItem } from '../../../contract/responses/index.ts';

/** What a recommended item is. */
export function thingOf({ pin, board, user }: Pick<RecommendedItem, 'pin' | 'board' | 'user'>): ThingName {
  if (pin !== undefined) return { kind: 'pin', key: pin };
  return board === undefined ? { kind: 'user', key: user ?? '' } : { kind: 'board', key: board };
}

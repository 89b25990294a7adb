import type { RecommendedItem } from '../../../contract/responses/index.ts';
import type { NodeRef } from '../address/index.ts';

/** The node that an item stands for. */
export function nodeOf({ pin, board, user }: Pick<RecommendedItem, 'pin' | 'board' | 'user'>): NodeRef {
  if (pin !== undefined) return { kind: 'pin', key: pin };
  return board === undefined ? { kind: 'user', key: user ?? '' } : { kind: 'board', key: board };
}

/** The title of an item, or the key of one without a title. */
export function titleOf(item: RecommendedItem): string {
  const title = item.fields?.['title'];
  return typeof title === 'string' && title !== '' ? title : nodeOf(item).key;
}

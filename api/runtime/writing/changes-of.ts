import type { SaveChange, UnsaveChange } from '../../../graph-data/index.ts';
import type { SaveInput } from '../../contract/index.ts';

/** All of one shape: code that runs for each save is faster then. */
export function saveOf({ user, board, pin, savedAt, weight }: SaveInput): SaveChange {
  return { kind: 'save', user, board, pin, savedAt, weight };
}

export function unsaveOf({ user, board, pin }: SaveInput): UnsaveChange {
  return { kind: 'unsave', user, board, pin };
}

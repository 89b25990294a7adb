import type { NodeRow } from '../../graph-data/index.ts';
import { valueOf } from '../recommend/index.ts';

/**
 * Whether a row has a value of a field that an earlier row had, in the order of calls. Never without a field;
 * lists are no value.
 */
export function repeatsOf(field: string | undefined): (row: NodeRow) => boolean {
  const seen = new Set<unknown>();
  return (row) => {
    const value = field === undefined ? undefined : valueOf(row, field);
    if (value === undefined || typeof value === 'object') return false;
    if (seen.has(value)) return true;
    seen.add(value);
    return false;
  };
}

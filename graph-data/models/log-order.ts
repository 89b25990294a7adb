import type { StoredInteraction } from '../interactions/index.ts';

/** Interactions by time, then by content: the order in which they were stored does not matter. O(rows · log rows). */
export function inLogOrder(rows: readonly StoredInteraction[]): StoredInteraction[] {
  return rows.toSorted(inOrder);
}

/** Rows of one moment each, of rows in the order of the log. */
export function* momentsOf(
  rows: readonly StoredInteraction[],
): Generator<{ readonly at: number; readonly rows: readonly StoredInteraction[] }> {
  for (let start = 0; start < rows.length;) {
    const { at } = rows[start]!;
    let end = start + 1;
    while (end < rows.length && rows[end]!.at === at) end++;
    yield { at, rows: rows.slice(start, end) };
    start = end;
  }
}

function inOrder(a: StoredInteraction, b: StoredInteraction): number {
  return a.at - b.at || compare(a.user, b.user) || compare(a.pin, b.pin) || compare(a.kind, b.kind) || compare(a.recommendationId, b.recommendationId) || compare(a.surface, b.surface) || (a.rank ?? 0) - (b.rank ?? 0); // prettier-ignore
}

function compare(a: string = '', b: string = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

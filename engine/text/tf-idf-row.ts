import type { SparseRow } from './sparse-rows.ts';

/**
 * The TF-IDF row of one document that is not among those whose frequencies are known: its terms by column, repeats included,
 * weighed as {@link tfIdf} does, the `termsMax` heaviest, of unit length. `idfOf`: ln(documents / documents with the term).
 * O(terms · log terms).
 */
export function tfIdfRow(
  terms: Iterable<number>,
  idfOf: (column: number) => number,
  termsMax: number,
): SparseRow {
  const counts = new Map<number, number>();
  for (const column of terms) counts.set(column, (counts.get(column) ?? 0) + 1);
  const weighed = Array.from(counts, ([column, count]) => ({
    column,
    value: (1 + Math.log(count)) * idfOf(column),
  }))
    .toSorted((a, b) => b.value - a.value || a.column - b.column)
    .slice(0, termsMax);
  const length = Math.hypot(...weighed.map(({ value }) => value));
  return {
    columns: Int32Array.from(weighed, ({ column }) => column),
    values: Float64Array.from(weighed, ({ value }) => value / length),
  };
}

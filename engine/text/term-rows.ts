import type { SparseRows } from './sparse-rows.ts';
import { TermCounter } from './term-counter.ts';

/**
 * TF-IDF rows of unit length, one for each document of terms: (1 + ln count) · ln(documents / documents with the term).
 * Terms of fewer than `documentsMin` documents, and those of all, are left out: the one connects nothing, the other tells
 * nothing apart. A document without other terms has an empty row. Columns are in the order in which terms appear.
 * O(terms). (Salton and Buckley 1988, doi:10.1016/0306-4573(88)90021-0.)
 */
export function tfIdf(documents: readonly (readonly string[])[], documentsMin: number): SparseRows {
  const counter = new TermCounter();
  for (const terms of documents) counter.add(counter.idsOf(terms));
  return counter.finish({ documentsMin }).rows;
}

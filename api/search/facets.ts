import type { NodeRow } from '../../graph-data/index.ts';
import { valueOf } from '../recommend/index.ts';

/** The most common values of each field among the hits of a search, with their numbers. */
export type Facets = Readonly<Record<string, readonly FacetCount[]>>;
interface FacetCount {
  readonly value: string | number | boolean;
  readonly count: number;
}

/** Values of a field that are listed, and characters of one that is counted. */
const valuesMax = 20;
const valueLengthMax = 200;

/** Counts values by field; each element of a list counts. Most common first, then by value. O(rows · fields). */
export function countFacets(rows: readonly NodeRow[], fields: readonly string[]): Facets {
  return Object.fromEntries(fields.map((field) => [field, countValues(rows, field)]));
}

function countValues(rows: readonly NodeRow[], field: string): FacetCount[] {
  const counts = new Map<FacetCount['value'], number>();
  for (const row of rows) {
    const value = valueOf(row, field);
    for (const each of new Set<unknown>(Array.isArray(value) ? value : [value])) {
      if (isValue(each)) counts.set(each, (counts.get(each) ?? 0) + 1);
    }
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((a, b) => b.count - a.count || compare(String(a.value), String(b.value)))
    .slice(0, valuesMax);
}

function isValue(value: unknown): value is FacetCount['value'] {
  if (typeof value === 'string') return value.length <= valueLengthMax;
  return typeof value === 'number' || typeof value === 'boolean';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

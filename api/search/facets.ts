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

/** Fields that {@link countFacets} finds by itself, and attributes of a row that it looks at. */
const fieldsFound = 5;
const attributesMax = 100;

/**
 * Counts values by field; each element of a list counts. Most common first, then by value. `*` means up to five
 * fields that distinguish hits: those in which most hits share a value with another hit. The fields that most
 * hits have come first. O(rows · fields).
 */
export function countFacets(rows: readonly NodeRow[], fields: readonly string[] | '*'): Facets {
  const named = fields === '*' ? sharedFields(rows) : fields;
  return Object.fromEntries(named.map((field) => [field, countValues(rows, field)]));
}

function sharedFields(rows: readonly NodeRow[]): string[] {
  const holders = new Map<string, unknown[][]>();
  for (const { attributes } of rows) {
    for (const [field, value] of Object.entries(attributes).slice(0, attributesMax)) {
      const values = (Array.isArray(value) ? value : [value]).filter(isValue);
      if (values.length === 0) continue;
      const own = holders.get(field);
      if (own === undefined) holders.set(field, [values]);
      else own.push(values);
    }
  }
  return [...holders]
    .filter(([, lists]) => tellApart(lists))
    .toSorted(([a, left], [b, right]) => right.length - left.length || compare(a, b))
    .slice(0, fieldsFound)
    .map(([field]) => field);
}

/** Whether most lists share a value with another, and not all have the same single one. */
function tellApart(lists: readonly (readonly unknown[])[]): boolean {
  const counts = new Map<unknown, number>();
  for (const values of lists) {
    for (const value of new Set(values)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const sharing = lists.filter((values) => values.some((value) => counts.get(value)! > 1)).length;
  return counts.size > 1 && 2 * sharing > lists.length;
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

import type { NodeRow } from '../../graph-data/index.ts';
import type { FieldFilter, Filter, Scalar } from '../contract/index.ts';

/**
 * A filter as one function of a node's row, compiled once a request. For a field that holds a list, `=` and
 * `in` need any of its elements, `not` none of them. Numbers compare with numbers, strings with strings by code
 * unit, other pairs never. A row that lacks the field meets only `not` and `exists: false`.
 */
export function compileFilter(filter: Filter): (row: NodeRow) => boolean {
  const tests = Object.entries(filter).map(([field, wish]) => ({ field, test: compileField(wish) }));
  return (row) => tests.every(({ field, test }) => test(valueOf(row, field)));
}

/** The fields of a filter that a node fails. */
export function failedFields(filter: Filter, row: NodeRow): string[] {
  return Object.entries(filter)
    .filter(([field, wish]) => !compileField(wish)(valueOf(row, field)))
    .map(([field]) => field);
}

/** A field of a node: a column of its own first, then an attribute. */
export function valueOf(row: NodeRow, field: string): unknown {
  const { attributes, ...columns } = row;
  const value = Object.hasOwn(columns, field) ? columns[field as keyof typeof columns] : undefined;
  return value ?? (Object.hasOwn(attributes, field) ? attributes[field] : undefined) ?? undefined;
}

function compileField(wish: FieldFilter): (value: unknown) => boolean {
  if (typeof wish !== 'object') return (value) => has(value, wish);
  const { lt, lte, gt, gte, in: some, not, exists } = wish;
  const tests: ((value: unknown) => boolean)[] = [];
  if (lt !== undefined) tests.push((value) => compare(value, lt) < 0);
  if (lte !== undefined) tests.push((value) => compare(value, lte) <= 0);
  if (gt !== undefined) tests.push((value) => compare(value, gt) > 0);
  if (gte !== undefined) tests.push((value) => compare(value, gte) >= 0);
  if (some !== undefined) tests.push((value) => some.some((each) => has(value, each)));
  if (not !== undefined) tests.push((value) => !has(value, not));
  if (exists !== undefined) tests.push((value) => (value !== undefined) === exists);
  return (value) => tests.every((test) => test(value));
}

function has(value: unknown, wished: Scalar): boolean {
  return Array.isArray(value) ? value.includes(wished) : value === wished;
}

/** Below 0, 0 or above 0; NaN, which no comparison holds for, when the two are not of one kind. */
function compare(value: unknown, limit: number | string): number {
  if (typeof value === 'number' && typeof limit === 'number') return value - limit;
  if (typeof value === 'string' && typeof limit === 'string')
    return value < limit ? -1 : Number(value > limit);
  return NaN;
}

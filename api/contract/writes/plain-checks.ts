import { keyBytesMax, timeOf } from '../../../graph-data/import/index.ts';

/** Whether a value is certainly valid and needs no conversion. If false, the schema decides. */
export type Check = (value: unknown) => boolean;

export function textUpTo(lengthMax: number): Check {
  return (value) =>
    typeof value === 'string' && value.length > 0 && value.length <= lengthMax && value.isWellFormed();
}

export function isWithin(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

/** A UTF-16 unit has at most three bytes. */
export const isKey: Check = textUpTo(keyBytesMax / 3);

/** A time in milliseconds. */
export const isMs: Check = (value) => typeof value === 'number' && timeOf(value) === value;

/** Whether all fields of an object that JSON.parse made pass the checks of their names. */
export function haveChecked(value: object, checkOf: ReadonlyMap<string, Check>): boolean {
  const row = value as Readonly<Record<string, unknown>>;
  // Parsed JSON inherits nothing that `in` would find.
  for (const name in row) if (checkOf.get(name)?.(row[name]) !== true) return false;
  return true;
}

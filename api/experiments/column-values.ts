import { DataError } from '../../graph-data/index.ts';

/** The index of a named column; -1 for none. Throws `experiment-unusable` if the file does not have it. */
export function indexOfColumn(file: string, names: readonly string[], name: string | undefined): number {
  if (name === undefined) return -1;
  const index = names.indexOf(name);
  if (index >= 0) return index;
  throw new DataError('experiment-unusable', `${file} has no column ${name}; it has ${names.join(', ')}`);
}

/** The error of one line. */
export function lineFault(file: string, line: number, fault: string): DataError {
  return new DataError('experiment-unusable', `${file}, line ${line}: ${fault}`);
}

/** A key without surrounding spaces; empty if it is missing. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** Booleans count as 1 and 0. Undefined for anything but a finite number, an empty field included. */
export function numberOf(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === 'true' || text === 'false') return Number(text === 'true');
  const number = text === '' ? NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

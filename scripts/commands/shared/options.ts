import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import { type DataFolder, messageOf, openDataFolder } from '../../../graph-data/index.ts';

/** A command line that is used wrongly: exit code 2. */
export class UsageError extends Error {}

/** `--data DIR`, on every command. */
export function dataOption(): Option {
  return new Option('--data <dir>', 'data folder: everything that one graph owns')
    .env('PINWALK_DATA')
    .default('data');
}

export function dataFolder(options: { data: string }): DataFolder {
  if (options.data === '') throw new UsageError('--data (or PINWALK_DATA) is empty: name a folder');
  return openDataFolder(options.data);
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object');
}

/** `--html FILE`, on every command that measures. */
export function htmlOption(): Option {
  return new Option(
    '--html <file>',
    'also write a page to look at, with tables and plots: one file, no network',
  );
}

/** Parses a whole number from `min` on. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    // 5e6 and 20_000 are numbers people write.
    const value = /^[\d_.]+(e\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : NaN;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(
        max === Number.MAX_SAFE_INTEGER
          ? `Not a whole number from ${min} on.`
          : `Not a whole number from ${min} to ${max}.`,
      );
    }
    return value;
  };
}

/** Parses a number between `min` and `max`. */
export function decimal(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`Not a number from ${min} to ${max}.`);
    return value;
  };
}

/** An option that can be given many times. */
export function repeated<Value>(parse: (text: string) => Value): (text: string, before?: Value[]) => Value[] {
  return (text, before = []) => [...before, parse(text)];
}

/** An object from JSON, or from a file of it. */
export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`Neither JSON nor a file of it: ${messageOf(error)}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new InvalidArgumentError('Not an object: write {"name": value}.');
}

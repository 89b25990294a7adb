import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import {
  DataError,
  type DataFolder,
  messageOf,
  openDataFolder,
  openExistingDataFolder,
} from '../../../graph-data/base/index.ts';
import { tableStyles } from '../../reports/tables/render-table.ts';

/** Wrong usage of the command line: exit code 2. */
export class UsageError extends Error {}

/** `--data DIR`. */
export function dataOption(): Option {
  return new Option('--data <dir>', 'data folder: all files of one graph')
    .env('PINWALK_DATA')
    .default('data');
}

/** The data folder, which must exist. */
export function dataFolder(options: { data: string }): DataFolder {
  return openExistingDataFolder(namedFolder(options));
}

/** The data folder, created if it is missing. */
export function newDataFolder(options: { data: string }): DataFolder {
  return openDataFolder(namedFolder(options));
}

/** The path of the data folder, which may be missing. */
export function namedFolder(options: { data: string }): string {
  if (options.data === '') throw new UsageError('--data (or PINWALK_DATA) is empty: name a folder');
  return options.data;
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object');
}

/** `--html FILE`, for commands with a report. */
export function htmlOption(): Option {
  return new Option(
    '--html <file>',
    'also write the report as a self-contained HTML page with tables and plots',
  ).argParser(outputFile);
}

/** `--table STYLE`, for commands with figures. */
export function tableOption(): Option {
  return new Option(
    '--table <style>',
    'print the figures as one table instead: LaTeX (booktabs), CSV or Markdown',
  )
    .choices(tableStyles)
    .conflicts('json');
}

/** Parses the name of a file to write. Throws `file-unwritable` before the work, not after it. */
export function outputFile(file: string): string {
  const failed = (fault: string): DataError =>
    new DataError('file-unwritable', `cannot write ${file}: ${fault}`);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw failed('it is a folder; name a file');
  const place = existsSync(file) ? file : path.dirname(file);
  try {
    accessSync(place, constants.W_OK);
  } catch (error) {
    throw failed(`${messageOf(error)}; make sure that its folder exists and is writable`);
  }
  return file;
}

/** Parses an integer in [min, max]. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    // People write 5e6 and 20_000.
    const value = /^[\d_.]+(e\d+)?$/i.test(text) ? Number(text.replaceAll('_', '')) : NaN;
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new InvalidArgumentError(
        max === Number.MAX_SAFE_INTEGER
          ? `Not an integer of at least ${min}.`
          : `Not an integer in [${min}, ${max}].`,
      );
    }
    return value;
  };
}

/** Parses a number in [min, max]. */
export function decimal(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!(value >= min && value <= max)) throw new InvalidArgumentError(`Not a number in [${min}, ${max}].`);
    return value;
  };
}

/** Collects the values of an option that can be repeated. */
export function repeated<Value>(parse: (text: string) => Value): (text: string, before?: Value[]) => Value[] {
  return (text, before = []) => [...before, parse(text)];
}

/** Parses an object from JSON, or from a JSON file. */
export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    throw new InvalidArgumentError(`Neither JSON nor a JSON file: ${messageOf(error)}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new InvalidArgumentError('Not an object: write {"name": value}.');
}

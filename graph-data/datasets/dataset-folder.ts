import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { DataError } from '../errors.ts';

const tableName = /^(.+?)\.(?:csv|tsv|tab|txt|jsonl|ndjson|parquet)(?:\.gz)?$/i;

/** The files of a folder, found by name. */
export class DatasetFolder {
  /** Names of the files, sorted. */
  readonly names: readonly string[];
  readonly #root: string;

  /** Throws `dataset-unknown` if the path is not a folder. */
  constructor(root: string) {
    const isFolder = statSync(root, { throwIfNoEntry: false })?.isDirectory();
    if (isFolder === undefined) throw new DataError('dataset-unknown', `there is no folder ${root}`);
    if (!isFolder) {
      throw new DataError('dataset-unknown', `${root} is a file: name its folder, or use pinwalk import`);
    }
    this.#root = root;
    this.names = readdirSync(root, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  }

  /** The file with one of these names, plain or gzip. */
  one(...wanted: readonly string[]): string | undefined {
    const name = this.names.find((each) => wanted.includes(each.toLowerCase().replace(/\.gz$/, '')));
    return name === undefined ? undefined : path.join(this.#root, name);
  }

  /** The tables whose names match, extensions not included. */
  tables(stem: RegExp): string[] {
    const found = this.names.filter((name) => stem.test(tableName.exec(name)?.[1] ?? ''));
    return found.map((name) => path.join(this.#root, name));
  }
}

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { partialSuffix, privateFolderMode, privateMode, writeFully } from '../durable-files.ts';
import type { FileRecord } from './file-record.ts';
import { tooLong } from './read-lines.ts';

/** Maximum length of a row's text in a rejects file, in UTF-16 units; longer ones are truncated. */
const textLengthMax = 2_000;

/** Maximum length of the import file's name within the name of its rejects file. */
const nameLengthMax = 150;

/**
 * The rejected rows of one import file: JSON lines `{line, reason, text}` under `rejects/`, named after the file. The
 * first reject creates it under a temporary name, {@link keep} gives it the final one. Without a folder, it only counts.
 */
export class RejectsFile {
  readonly #folder: DataFolder | undefined;
  readonly #name: string;
  readonly #partial: string;
  #fd: number | undefined;
  count = 0;

  /** `index` distinguishes the files of an import, which may have equal names. */
  constructor(folder: DataFolder | undefined, file: string, index: number) {
    this.#folder = folder;
    this.#name = path.basename(file).slice(0, nameLengthMax);
    this.#partial = path.join(folder?.rejects ?? '', `${index}.${process.pid}${partialSuffix}`);
  }

  /** A record without a line is one of a source that has no order. */
  add(record: Omit<FileRecord, 'line'> & { readonly line?: number }, reason: string): void {
    this.count++;
    if (this.#folder === undefined) return;
    if (this.#fd === undefined) {
      mkdirSync(this.#folder.rejects, { recursive: true, mode: privateFolderMode });
      this.#fd = openSync(this.#partial, 'w', privateMode);
    }
    const text = record.text === '' ? describe(record.values) : record.text;
    const cut = text.length > textLengthMax || record.fault === tooLong;
    const row = { line: record.line, reason, text: text.slice(0, textLengthMax), ...(cut && { cut }) };
    writeFully(this.#fd, Buffer.from(`${JSON.stringify(row)}\n`));
  }

  /** Renames the file to `<import file>.rejects.jsonl` (`.2`, `.3` … if taken) and returns it; undefined if empty. */
  keep(): string | undefined {
    if (this.#fd === undefined || this.#folder === undefined) return undefined;
    fsyncSync(this.#fd);
    closeSync(this.#fd);
    this.#fd = undefined;
    let file = '';
    for (let n = 1; file === '' || existsSync(file); n++) {
      file = path.join(this.#folder.rejects, `${this.#name}${n === 1 ? '' : `.${n}`}.rejects.jsonl`);
    }
    renameSync(this.#partial, file);
    return file;
  }

  /** Deletes the file unless it was kept. */
  discard(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    rmSync(this.#partial, { force: true });
    this.#fd = undefined;
  }
}

/** The values of a Parquet row, which has no text, as JSON with large integers as strings. */
function describe(values: readonly unknown[]): string {
  return JSON.stringify(values, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

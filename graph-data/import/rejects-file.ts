import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DataFolder } from '../data-folder.ts';
import { partialSuffix, writeFully } from '../durable-files.ts';
import type { FileRecord } from './records.ts';

/** Longest text of a row that a rejects file repeats, in UTF-16 units. */
const textLengthMax = 2_000;

/** Longest part of an import file's name that goes into the name of its rejects file. */
const nameLengthMax = 150;

/**
 * The rows that an import refused from one file: JSON lines `{line, reason, text}` under `rejects/`, named
 * after the file. Made with the first reject, named so only by {@link keep}. Without a folder, it only counts.
 */
export class RejectsFile {
  readonly #folder: DataFolder | undefined;
  readonly #name: string;
  readonly #partial: string;
  #fd: number | undefined;
  count = 0;

  /** `place` tells files of one import apart, which may have the same name. */
  constructor(folder: DataFolder | undefined, file: string, place: number) {
    this.#folder = folder;
    this.#name = path.basename(file).slice(0, nameLengthMax);
    this.#partial = path.join(folder?.rejects ?? '', `${place}.${process.pid}${partialSuffix}`);
  }

  add(record: FileRecord, reason: string): void {
    this.count++;
    if (this.#folder === undefined) return;
    if (this.#fd === undefined) {
      mkdirSync(this.#folder.rejects, { recursive: true });
      this.#fd = openSync(this.#partial, 'w');
    }
    const text = record.text === '' ? describe(record.values) : record.text;
    const cut = text.length > textLengthMax ? { text: text.slice(0, textLengthMax), cut: true } : { text };
    writeFully(this.#fd, Buffer.from(`${JSON.stringify({ line: record.line, reason, ...cut })}\n`));
  }

  /** Gives the file its name, `<import file>.rejects.jsonl` (`.2`, `.3` … when taken); undefined when empty. */
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

  discard(): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    rmSync(this.#partial, { force: true });
    this.#fd = undefined;
  }
}

/** A Parquet row has no text: its values as JSON, big integers as strings. */
function describe(values: readonly unknown[]): string {
  return JSON.stringify(values, (_key, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}

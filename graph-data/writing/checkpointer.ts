import type { DataFolder } from '../data-folder.ts';
import { type Database, type DatabaseFile, openDatabase } from '../database/index.ts';

/**
 * Copies committed pages from the write-ahead log into the database file, beside the writer, which goes on meanwhile. Makes
 * nothing more durable than it is: commits are synced in the log. Use one per thread.
 */
export class Checkpointer {
  readonly #folder: DataFolder;
  readonly #file: DatabaseFile;
  #database: Database | undefined;

  /** `file`: the database that the writer has open. */
  constructor(folder: DataFolder, file: DatabaseFile) {
    this.#folder = folder;
    this.#file = file;
  }

  /** O(pages in the log). Throws when the database cannot be opened or written; the writer does it by itself then, much later. */
  run(): void {
    try {
      // Opening would create a new database.
      this.#file.assertInPlace();
      this.#database ??= openDatabase(this.#folder);
      this.#database.pragma('wal_checkpoint(PASSIVE)');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#database?.close();
    this.#database = undefined;
  }
}

import type { GraphCounts } from '../database/index.ts';
import type { FileKind } from './columns.ts';

/** The result of one file. `read` = `new` + `duplicate` + `rejected`, unless rows of interactions stand for several. */
export interface FileReport {
  readonly file: string;
  readonly kind: FileKind | 'interactions';
  readonly read: number;
  /** Saves that are new; attribute rows that created or changed a node. */
  readonly new: number;
  /** Rows that changed nothing. */
  readonly duplicate: number;
  readonly rejected: number;
  /** File of the rejected rows, each with its line and reason. */
  readonly rejectsFile?: string;
  /** The first few rejects. */
  readonly firstRejects: readonly { line: number; reason: string }[];
  readonly ignoredColumns: readonly string[];
  /** Assumptions about the file that its user should check. */
  readonly notes: readonly string[];
  /** Rows intentionally skipped by a `FileSource`, not included in the other counts. */
  readonly leftOut?: number;
}

export interface ImportReport {
  readonly files: readonly FileReport[];
  /** Row counts of the database after the import, or as they would be after a dry run. */
  readonly graph: GraphCounts;
}

export interface ImportProgress {
  readonly phase: 'reading' | 'indexing';
  readonly file: string;
  readonly rows: number;
  readonly bytesRead: number;
  readonly bytesTotal: number;
}

/** All codes of {@link DataError}. */
export type DataErrorCode =
  | 'backup-unusable'
  | 'campaigns-damaged'
  | 'dataset-unknown'
  | 'database-damaged'
  | 'database-gone'
  | 'data-folder-in-use'
  | 'data-folder-unusable'
  | 'experiment-unusable'
  | 'experiments-unusable'
  | 'file-unwritable'
  | 'file-exists'
  | 'import-file-unreadable'
  | 'import-columns-unknown'
  | 'import-too-many-rejects'
  | 'interactions-damaged'
  | 'interests-unusable'
  | 'kafka-unusable'
  | 'key-unknown'
  | 'key-unwritable'
  | 'language-unusable'
  | 'lake-engine-failed'
  | 'lake-engine-missing'
  | 'pictures-unreadable'
  | 'lake-ids-unusable'
  | 'lake-too-large'
  | 'model-damaged'
  | 'model-unknown'
  | 'nothing-to-build'
  | 'nothing-to-train'
  | 'notification-invalid'
  | 'notifications-damaged'
  | 'no-active-snapshot'
  | 'no-topics'
  | 'package-missing'
  | 'plan-behind'
  | 'plan-running'
  | 'preset-refused'
  | 'presets-unusable'
  | 'results-unusable'
  | 'sample-unavailable'
  | 'snapshot-damaged'
  | 'snapshot-unknown'
  | 'snapshot-unlike'
  | 'split-unusable'
  | 'stopped'
  | 'sweep-unusable'
  | 'table-format-unknown'
  | 'topics-unusable';

/** A problem with the data or the disk. The message names the fault and the remedy. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;

  constructor(code: DataErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The error of work that was stopped by an abort signal. */
export function stoppedError(cause?: unknown): DataError {
  return new DataError('stopped', 'stopped; nothing was kept', cause === undefined ? undefined : { cause });
}

/** The message of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

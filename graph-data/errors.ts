/** Codes of {@link DataError}, a closed list. */
export type DataErrorCode =
  | 'dataset-unknown'
  | 'data-folder-in-use'
  | 'data-folder-unusable'
  | 'import-file-unreadable'
  | 'import-columns-unknown'
  | 'import-too-many-rejects'
  | 'key-unknown'
  | 'nothing-to-build'
  | 'no-active-snapshot'
  | 'no-topics'
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
  | 'topics-unusable';

/** A fault of the data or of the disk, in words that name the fault and the remedy. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly code: DataErrorCode;

  constructor(code: DataErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

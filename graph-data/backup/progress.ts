/** Called during long work. `total` is 0 if it is unknown. */
export interface BackupProgress {
  readonly doing: string;
  readonly done: number;
  readonly total: number;
}

export interface BackupOptions {
  /** Replaces what is there. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
}

/** Called during long work. `total` is 0 if it is unknown. */
export interface BackupProgress {
  readonly doing: string;
  readonly done: number;
  readonly total: number;
}

export interface BackupOptions {
  /** Replaces an existing backup. */
  readonly force?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: BackupProgress) => void) | undefined;
}

/** Options of a restore. */
export interface RestoreOptions extends BackupOptions {
  /**
   * Restores the data that a replica serves: no interactions, models, channels, notifications and campaigns,
   * and no checks beyond checksums, which the publication has made. Called when all files are fetched, before
   * the folder is replaced: no process may use it from then on.
   */
  readonly asReplica?: (() => Promise<void>) | undefined;
}

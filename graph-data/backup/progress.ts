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

/** Options of a restore. */
export interface RestoreOptions extends BackupOptions {
  /**
   * Restores what a replica serves: no interactions, models, channels, notifications and campaigns, and no checks beyond checksums, which the
   * publication has made. Called when all is fetched, before the folder is replaced: nobody may use it from then on.
   */
  readonly asReplica?: (() => Promise<void>) | undefined;
}

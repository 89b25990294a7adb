import type { Logger } from 'pino';
import { type DataFolder, messageOf } from '../../graph-data/index.ts';
import type { WriteThread } from '../runtime/writing/index.ts';
import { tidy } from './tidy.ts';

interface TidyDeps {
  readonly folder: DataFolder;
  readonly settings: { readonly snapshotsKept: number; readonly changesKept: number };
  readonly writes: Pick<WriteThread, 'run'>;
  readonly store: { readonly position: number };
  readonly log: Pick<Logger, 'info' | 'warn'>;
}

/** {@link tidy}, reported in the log. Never rejects. */
export async function tidyUp({ folder, settings, writes, store, log }: TidyDeps): Promise<void> {
  try {
    const dropped = await tidy(folder, writes, settings, store.position);
    if (dropped.snapshots.length + dropped.changes > 0)
      log.info(dropped, 'dropped old snapshots and changes');
  } catch (error) {
    log.warn(`old snapshots and changes stay: ${messageOf(error)}`);
  }
}

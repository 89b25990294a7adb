import type { Logger } from 'pino';
import { type DataFolder, hasStoredInteractions, messageOf } from '../../graph-data/index.ts';
import type { InteractionThread } from '../runtime/writing/index.ts';

const everyMs = 3_600_000;

interface RetentionDeps {
  readonly folder: DataFolder;
  readonly interactions: Pick<InteractionThread, 'run'>;
  readonly keptFrom: () => number;
  readonly log: Logger;
}

/** Drops interactions that are older than they are kept, at once and then every hour. Returns a function that stops it. */
export function startRetention({ folder, interactions, keptFrom, log }: RetentionDeps): () => void {
  if (keptFrom() === -Infinity) return () => {};
  const drop = async (): Promise<void> => {
    // Otherwise nothing needs the thread.
    if (!hasStoredInteractions(folder, keptFrom())) return;
    try {
      const dropped = await interactions.run({ kind: 'dropBefore', time: keptFrom() });
      if (dropped.months + dropped.rows > 0) log.info(dropped, 'dropped old interactions');
    } catch (error) {
      log.warn(`old interactions stay: ${messageOf(error)}`);
    }
  };
  void drop();
  const timer = setInterval(() => void drop(), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

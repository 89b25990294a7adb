import type { StorageFault, WriteOutcome, WriteRequest } from '../../graph-data/index.ts';

/** What the writing thread and the main thread tell each other. */

export interface WriterTask {
  readonly dataFolder: string;
  readonly busyMs: number;
}

export type ToWriter = { readonly id: number; readonly request: WriteRequest } | 'close';

/** The requests of one transaction, by id: all of them durable, or none of them written. */
export type ToMain =
  | { readonly ids: readonly number[]; readonly outcomes: readonly WriteOutcome[] }
  | {
      readonly ids: readonly number[];
      readonly fault: { readonly reason: StorageFault; readonly message: string };
    };

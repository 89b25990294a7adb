import type {
  ErasedRows,
  ScrubbedEvents,
  StorageFault,
  WriteOutcome,
  WriteRequest,
} from '../../../graph-data/index.ts';

/** What the writing thread and the main thread tell each other. */

export interface WriterTask {
  readonly dataFolder: string;
  readonly busyMs: number;
}

/** What the methods of `SaveWriter` with these names do. */
export type Errand =
  | { readonly kind: 'erase'; readonly user: string; readonly time: number }
  | { readonly kind: 'scrub'; readonly upTo: number }
  | { readonly kind: 'emptyLog' }
  | { readonly kind: 'dropEvents'; readonly upTo: number };
export interface ErrandResults {
  readonly erase: ErasedRows;
  readonly scrub: ScrubbedEvents;
  readonly emptyLog: boolean;
  readonly dropEvents: number;
}

export type ToWriter =
  | { readonly id: number; readonly request: WriteRequest }
  | { readonly id: number; readonly errand: Errand }
  | 'close';

/** The requests of one transaction, by id: all of them durable, or none of them written. */
export type ToMain =
  | { readonly ids: readonly number[]; readonly outcomes: readonly WriteOutcome[] }
  | { readonly id: number; readonly done: ErrandResults[Errand['kind']] }
  | {
      readonly ids: readonly number[];
      readonly fault: { readonly reason: StorageFault; readonly message: string };
    };

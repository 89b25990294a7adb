import type { ErasedRows, StorageFault, WriteOutcome, WriteRequest } from '../../../graph-data/index.ts';

/** The messages between the writer thread and the main thread. */

export interface WriterData {
  readonly dataFolder: string;
  readonly busyMs: number;
  /** `DatabaseFile.seen` of the main thread. */
  readonly fileSeen: string | undefined;
}

/** Work between two commits, done by the methods of `SaveWriter` with these names. */
export type Maintenance =
  | { readonly kind: 'erase'; readonly user: string; readonly time: number }
  | { readonly kind: 'scrub'; readonly upTo: number }
  | { readonly kind: 'truncateWal' }
  | { readonly kind: 'dropChanges'; readonly upTo: number };
export interface MaintenanceResults {
  readonly erase: ErasedRows;
  readonly scrub: number;
  readonly truncateWal: boolean;
  readonly dropChanges: number;
}

export type ToWriter =
  /** For one transaction. */
  | { readonly requests: readonly WriteRequest[] }
  | { readonly id: number; readonly maintenance: Maintenance }
  | 'close';

export type ToMain =
  /** Of the requests of one transaction: all of them durable. */
  | { readonly outcomes: readonly WriteOutcome[] }
  | { readonly id: number; readonly done: MaintenanceResults[Maintenance['kind']] }
  /** Of the maintenance with this id, otherwise of a transaction, of which nothing was written. */
  | { readonly id?: number; readonly fault: { readonly reason: StorageFault; readonly message: string } };

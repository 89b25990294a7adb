import type { ErasedRows, StorageFault, WriteOutcome, WriteRequest } from '../../../graph-data/index.ts';

/** The messages between a writer thread and the main thread. */

/** What a thread writes: requests, their outcomes, and maintenance by kind with its results. */
export interface Writes {
  readonly request: unknown;
  readonly outcome: unknown;
  readonly maintenance: { readonly kind: string };
  readonly results: object;
}

export interface WriterData {
  readonly dataFolder: string;
  readonly busyMs: number;
  /** `DatabaseFile.seen` of the main thread. */
  readonly fileSeen: string | undefined;
}

/** Work between two commits, done by the methods of `SaveWriter` with these names. */
type Maintenance =
  | { readonly kind: 'erase'; readonly user: string; readonly time: number }
  | { readonly kind: 'scrub'; readonly upTo: number }
  | { readonly kind: 'truncateWal' }
  | { readonly kind: 'dropChanges'; readonly upTo: number };
interface MaintenanceResults {
  readonly erase: ErasedRows;
  readonly scrub: number;
  readonly truncateWal: boolean;
  readonly dropChanges: number;
}

export interface SaveWrites {
  readonly request: WriteRequest;
  readonly outcome: WriteOutcome;
  readonly maintenance: Maintenance;
  readonly results: MaintenanceResults;
}

export type ToWriter<Kind extends Writes> =
  /** For one transaction. */
  | { readonly requests: readonly Kind['request'][] }
  | { readonly id: number; readonly maintenance: Kind['maintenance'] }
  | 'close';

/** `message`: for the log. `detail`: for the client, if the reason does not say all. */
interface Fault {
  readonly reason: StorageFault;
  readonly message: string;
  readonly detail?: string | undefined;
}

export type ToMain<Kind extends Writes> =
  /** Of the requests of one transaction: all of them durable, or refused. `faults`: for the log. */
  | { readonly outcomes: readonly Kind['outcome'][]; readonly faults: readonly string[] }
  | { readonly id: number; readonly done: Kind['results'][keyof Kind['results']] }
  /** Of the maintenance with this id, otherwise of a transaction, of which nothing was written. */
  | { readonly id?: number; readonly fault: Fault };

import type {
  AppliedLines,
  ErasedRows,
  LineBlock,
  RecordBlock,
  StorageFault,
  WriteOutcome,
  WriteRequest,
} from '../../../graph-data/index.ts';
import type { GraphRole } from '../../contract/index.ts';

/** The messages between a writer thread and the main thread. */

/** The work of a writing thread: requests, their outcomes, and maintenance by kind with its results. */
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

/** Lines of a stream that the thread parses and checks: each is a save to make, or to remove. */
export interface LinesRequest {
  readonly block: LineBlock;
  readonly kind: 'save' | 'unsave';
  /** The current time, in milliseconds since 1970. */
  readonly time: number;
}

export interface LinesOutcome {
  /** Saves that were added, or removed. */
  readonly made: number;
  readonly unmade: number;
  readonly rejects: readonly { readonly line: number; readonly detail: string }[];
}

/** Records of topics that the thread parses and checks, and how far the topics are read with them. */
export interface RecordsRequest {
  readonly records: RecordBlock<GraphRole>;
  /** The current time, in milliseconds since 1970. */
  readonly time: number;
}

/** Undefined: nothing was written, since the topics were read up to elsewhere. */
export interface RecordsOutcome {
  readonly consumed: { readonly rejected: number } | undefined;
}

/** Work between two commits, done by the methods of `SaveWriter` with these names. */
type Maintenance =
  | { readonly kind: 'erase'; readonly user: string; readonly time: number }
  | { readonly kind: 'scrub'; readonly upTo: number }
  | { readonly kind: 'truncateWal' }
  | { readonly kind: 'dropChanges'; readonly upTo: number }
  | { readonly kind: 'applyChanges'; readonly lines: Uint8Array; readonly time: number };
interface MaintenanceResults {
  readonly erase: ErasedRows;
  readonly scrub: number;
  readonly truncateWal: boolean;
  readonly dropChanges: number;
  readonly applyChanges: AppliedLines;
}

export interface SaveWrites {
  readonly request: WriteRequest | LinesRequest | RecordsRequest;
  readonly outcome: WriteOutcome | LinesOutcome | RecordsOutcome;
  readonly maintenance: Maintenance;
  readonly results: MaintenanceResults;
}

export type ToWriter<Kind extends Writes> =
  /** For one transaction. `mayStop`: whether to give it up when `stop` of the `workerData` says so. */
  | { readonly requests: readonly Kind['request'][]; readonly mayStop: boolean }
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
  /** A transaction was given up; nothing was written. */
  | { readonly stopped: true }
  | { readonly id: number; readonly done: Kind['results'][keyof Kind['results']] }
  /** Of the maintenance with this id, otherwise of a transaction, of which nothing was written. */
  | { readonly id?: number; readonly fault: Fault };

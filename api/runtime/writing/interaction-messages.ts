import type {
  InteractionResult,
  LineBlock,
  Month,
  RecordBlock,
  StorageFault,
} from '../../../graph-data/index.ts';
import type { JsonBytes } from '../../base/index.ts';
import type { InteractionInput } from '../../contract/index.ts';
import type { ProblemOutcome } from '../problem-outcome.ts';

/** The messages between the main thread and the writer of interactions. */

export interface InteractionWriterData {
  readonly dataFolder: string;
  readonly busyMs: number;
}

/**
 * Checked interactions, or lines, a body or records of topics that the thread parses and checks. `time`: now; `from`: the earliest that is
 * kept.
 */
export type InteractionRequest = { readonly time: number; readonly from: number } & (
  | { readonly rows: readonly InteractionInput[] }
  | { readonly block: LineBlock }
  | { readonly records: RecordBlock<'interactions'> }
  | { readonly bytes: Uint8Array; readonly contentType: string }
);

export interface InteractionOutcome {
  /** Of each interaction that was valid. */
  readonly results: readonly InteractionResult[];
  readonly rejects: readonly { readonly line: number; readonly detail: string }[];
}

export interface BodyReply {
  readonly added: number;
  readonly present: number;
  readonly results: readonly InteractionResult[];
}

/** The response to a body: serialised, since a long list takes the main thread as long as a read; or its faults. */
export type BodyOutcome = { readonly json: JsonBytes<BodyReply> } | ProblemOutcome;

/**
 * The outcome of a request with interactions of a month that cannot be stored; those of other months are
 * stored. `detail`: default, as the reason says.
 */
export interface Unstored {
  readonly unstored: { readonly reason: StorageFault; readonly detail: string | undefined };
}

export interface InteractionWrites {
  readonly request: InteractionRequest;
  readonly outcome: InteractionOutcome | BodyOutcome | Unstored;
  readonly maintenance:
    | { readonly kind: 'erase'; readonly user: string; readonly month: Month }
    | { readonly kind: 'dropBefore'; readonly time: number };
  readonly results: {
    readonly erase: number;
    readonly dropBefore: { readonly months: number; readonly rows: number };
  };
}

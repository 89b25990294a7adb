import type { Interaction, InteractionResult, Line } from '../../../graph-data/index.ts';

/** The messages between the main thread and the writer of interactions. */

export interface InteractionWriterData {
  readonly dataFolder: string;
  readonly busyMs: number;
}

/** Checked interactions, or lines that the thread parses and checks. `time`: now; `from`: the earliest that is kept. */
export type InteractionRequest = { readonly time: number; readonly from: number } & (
  | { readonly rows: readonly Interaction[] }
  | { readonly lines: readonly Line[] }
);

export interface InteractionOutcome {
  /** Of each interaction that was valid. */
  readonly results: readonly InteractionResult[];
  readonly rejects: readonly { readonly line: number; readonly detail: string }[];
}

export interface InteractionWrites {
  readonly request: InteractionRequest;
  readonly outcome: InteractionOutcome;
  readonly maintenance:
    | { readonly kind: 'erase'; readonly user: string }
    | { readonly kind: 'dropBefore'; readonly time: number };
  readonly results: {
    readonly erase: number;
    readonly dropBefore: { readonly months: number; readonly rows: number };
  };
}

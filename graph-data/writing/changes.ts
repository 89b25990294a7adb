import type { EventList } from '../database/index.ts';

/** A pin put on a board. Without a board: on the board that has the key of its user, as imports have it. */
export interface SaveChange {
  readonly kind: 'save';
  readonly user: string;
  readonly board?: string | undefined;
  readonly pin: string;
  /** Milliseconds since 1970. Default: the time of the request. */
  readonly savedAt?: number | undefined;
  /** Above 0. Default: none. */
  readonly weight?: number | undefined;
}

/** A pin taken off a board; what is not there is no fault. User, board and pin stay. */
export interface UnsaveChange {
  readonly kind: 'unsave';
  readonly user: string;
  readonly board?: string | undefined;
  readonly pin: string;
}

/** What is said of a pin, a board or a user; what is left out, nothing is said of any more. */
export type PutChange =
  | {
      readonly kind: 'put';
      readonly side: 'pins';
      readonly key: string;
      readonly title?: string | undefined;
      readonly text?: string | undefined;
      readonly url?: string | undefined;
      readonly imageUrl?: string | undefined;
      /** Milliseconds since 1970. */
      readonly createdAt?: number | undefined;
      readonly attributes?: Readonly<Record<string, unknown>> | undefined;
    }
  | {
      readonly kind: 'put';
      readonly side: 'boards';
      readonly key: string;
      /** Whose board it is: for a new one. An old one cannot change hands. */
      readonly owner?: string | undefined;
      readonly title?: string | undefined;
      readonly attributes?: Readonly<Record<string, unknown>> | undefined;
    }
  | {
      readonly kind: 'put';
      readonly side: 'users';
      readonly key: string;
      readonly attributes?: Readonly<Record<string, unknown>> | undefined;
    };

/** A pin that goes, with all its saves. */
export interface RemovePinChange {
  readonly kind: 'removePin';
  readonly key: string;
}

export type Change = SaveChange | UnsaveChange | PutChange | RemovePinChange;

/**
 * What became of a change: a save was `added` or `present` before (which it stays as it was); what was to go was
 * `removed` or `absent`; what attributes were put to was `created`, or they were `replaced`.
 */
export type ChangeResult = 'added' | 'present' | 'removed' | 'absent' | 'created' | 'replaced';

/** A change that cannot be, by its place in the request. */
export interface RefusedChange {
  readonly index: number;
  /** The field that is at fault. */
  readonly field: 'board' | 'owner';
  readonly reason: string;
}

/** Changes that a client asked for together. */
export interface WriteRequest {
  readonly changes: readonly Change[];
  /** Milliseconds since 1970: what counts as now. */
  readonly time: number;
  /** Whether one change that is refused keeps all others of the request from being made; else they are. Default: yes. */
  readonly isWhole?: boolean | undefined;
  /** The client's name for this request, and what it asks for, both hashed: once done, it is not done again. */
  readonly idempotency?: { readonly key: Uint8Array; readonly request: Uint8Array } | undefined;
}

/** What became of a request. */
export type WriteOutcome =
  | {
      readonly state: 'done';
      /** In the order of the changes; null for those that were refused. */
      readonly results: readonly (ChangeResult | null)[];
      readonly refused: readonly RefusedChange[];
    }
  /** Nothing was written. */
  | { readonly state: 'refused'; readonly refused: readonly RefusedChange[] }
  /** Nothing was written: the name stands for another request. */
  | { readonly state: 'key-taken' };

/** What one transaction did. */
export interface Applied {
  /** In the order of the requests. */
  readonly outcomes: readonly WriteOutcome[];
  /** What changed in the graph, in order. */
  readonly events: EventList;
  /** Of the source, after them. */
  readonly position: number;
}

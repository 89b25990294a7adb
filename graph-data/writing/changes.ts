import type { NodeKind } from '../../engine/index.ts';

/** Saves a pin to a board. Without `board`: to the board whose key is that of the user, as imports do. */
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

/** Removes a pin from a board; no error if it is not there. User, board and pin remain. */
export interface UnsaveChange {
  readonly kind: 'unsave';
  readonly user: string;
  readonly board?: string | undefined;
  readonly pin: string;
}

/** Replaces all attributes of a node; omitted ones are removed. */
interface PutNode<Kind extends NodeKind> {
  readonly kind: 'put';
  readonly nodeKind: Kind;
  readonly key: string;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

interface PutPin extends PutNode<'pins'> {
  readonly title?: string | undefined;
  readonly text?: string | undefined;
  readonly url?: string | undefined;
  readonly imageUrl?: string | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt?: number | undefined;
  /** Vectors to set by name, and null to remove one; others stay. */
  readonly vectors?: Readonly<Record<string, PinVector | null>> | undefined;
}

/** A vector of a pin, and the model that made it. */
export interface PinVector {
  readonly model: string;
  readonly values: readonly number[];
}

interface PutBoard extends PutNode<'boards'> {
  /** Key of the owner, required for a new board. The owner of a board never changes. */
  readonly owner?: string | undefined;
  readonly title?: string | undefined;
}

export type PutChange = PutPin | PutBoard | PutNode<'users'>;

/** Deletes a pin with all its saves. */
interface RemovePinChange {
  readonly kind: 'removePin';
  readonly key: string;
}

/** Hides an interest of an existing user from all uses, or shows it again. */
interface HideInterestChange {
  readonly kind: 'hideInterest';
  readonly user: string;
  readonly interest: string;
  readonly isHidden: boolean;
}

/** A change that a client requests. The changes of the graph that result are in the change log. */
export type Change = SaveChange | UnsaveChange | PutChange | RemovePinChange | HideInterestChange;

/**
 * The result of a change. A save was `added`, or `present` already and left as it was; a removal found its target
 * (`removed`) or not (`absent`); a put `created` its target or `replaced` its attributes. Hiding an interest adds
 * one, showing it removes it.
 */
export type ChangeResult = 'added' | 'present' | 'removed' | 'absent' | 'created' | 'replaced';

/** A change that cannot be made. */
export interface RefusedChange {
  /** Its index in the request. */
  readonly index: number;
  /** The field at fault. */
  readonly field: 'board' | 'owner' | `vectors/${string}`;
  readonly reason: string;
}

/** Records of a partition of a topic that were read: those from one offset up to another. */
export interface ConsumedRange {
  /** Id of the topic. */
  readonly topic: string;
  readonly name: string;
  readonly partition: number;
  /** Offset from which was read: the `next` of the range before. */
  readonly from: number;
  readonly next: number;
}

/** Changes that a client requests together. */
export interface WriteRequest {
  readonly changes: readonly Change[];
  /** The current time, in milliseconds since 1970. */
  readonly time: number;
  /** Whether one refused change makes the whole request fail. Default: true. If false, the other changes are made. */
  readonly isWhole?: boolean | undefined;
  /** Hashes of the client's Idempotency-Key and of the request: a completed request is not repeated. */
  readonly idempotency?: { readonly key: Uint8Array; readonly request: Uint8Array } | undefined;
  /** Where the changes come from: stored with them, and nothing is written if it was read before. */
  readonly consumed?: readonly ConsumedRange[] | undefined;
  /** Called before the commit, with the changes that are refused; if it throws, nothing is written. */
  readonly onRefused?: ((refused: readonly RefusedChange[]) => void) | undefined;
}

/** The outcome of a request. */
export type WriteOutcome =
  | {
      readonly state: 'done';
      /** In the order of the changes; null for refused ones. */
      readonly results: readonly (ChangeResult | null)[];
      readonly refused: readonly RefusedChange[];
    }
  /** Nothing was written. */
  | { readonly state: 'refused'; readonly refused: readonly RefusedChange[] }
  /** Nothing was written: the Idempotency-Key belongs to another request. */
  | { readonly state: 'key-taken' }
  /** Nothing was written: the records were consumed before, or others before them were not. */
  | { readonly state: 'consumed' };

/** The result of one transaction. */
export interface Applied {
  /** In the order of the requests. */
  readonly outcomes: readonly WriteOutcome[];
  /** Position of the change log after them. */
  readonly position: number;
}

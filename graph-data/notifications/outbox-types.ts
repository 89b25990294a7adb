import type { Channel } from './channel.ts';
import type { Notification, Proposal } from './notification.ts';

/**
 * `present`: this person has had, or will have, a notification of this campaign and window, and the proposal changes nothing.
 * `unreachable`: they have no such channel, said no, or its address is gone; nothing is stored.
 */
export type ProposalResult = 'added' | 'present' | 'unreachable';

/** A pin of a claimed notification, as it is stored at that moment. */
export interface ClaimedPin {
  readonly pin: string;
  /** Of the notification's pins, from 1: others may have gone. */
  readonly place: number;
  readonly title: string | undefined;
  /** Its http or https address. */
  readonly link: string | undefined;
}

/** A notification to be sent now, once. */
export interface Claimed extends Notification {
  /** Its pins that still exist. */
  readonly live: readonly ClaimedPin[];
  /** 64 characters, of this attempt: to settle it. */
  readonly transactionId: string;
  readonly channelSettings: Channel;
}

/** What replaces parts of a held notification; `suppressedBy` cancels it; `isHeld` with a later `notBefore` holds it again. */
export type Release = Partial<
  Pick<Proposal, 'pins' | 'copy' | 'journal' | 'notBefore' | 'isHeld' | 'suppressedBy'>
>;

/** The outcome of an attempt to send. `failure`: for the operator, without addresses and secrets. */
export type Outcome =
  | { readonly kind: 'sent' }
  /** The receiver has not accepted it, but may later. `afterMs`: the delay that it requested. */
  | { readonly kind: 'retry'; readonly failure: string; readonly afterMs?: number | undefined }
  /** The receiver will never take it. `isGone`: nor any other, as the address no longer exists. */
  | { readonly kind: 'failed'; readonly failure: string; readonly isGone?: boolean | undefined }
  /** It may have arrived: it is not sent again. */
  | { readonly kind: 'unknown'; readonly failure: string };

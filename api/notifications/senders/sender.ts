import type { Outcome } from '../../../graph-data/index.ts';
import type { Message } from '../message.ts';

/**
 * Sends a message once, before the signal aborts. Says `unknown` where the receiver may have taken it: that is never repeated.
 * `now`: milliseconds since 1970.
 */
export type Sender = (message: Message, now: number, signal: AbortSignal) => Promise<Outcome>;

import type { ChannelKind } from '../../engine/index.ts';
import {
  type Claimed,
  type Interaction,
  type Notification,
  type NotificationStore,
  type Outcome,
  type Release,
  messageOf as textOf,
} from '../../graph-data/index.ts';
import type { Senders } from './create-senders.ts';
import { type PromotedEntry, impressionsOf, messageOf } from './message.ts';

/** The outbox, directly or in another thread. */
interface OutboxCalls {
  readonly heldDue: (now: number, limit: number) => Promise<readonly Notification[]>;
  readonly release: (id: string, release: Release) => Promise<boolean>;
  readonly claim: (
    now: number,
    leaseMs: number,
    limit: number,
    kinds: readonly ChannelKind[],
  ) => Promise<readonly Claimed[]>;
  readonly settle: (id: string, transactionId: string, outcome: Outcome, now: number) => Promise<boolean>;
}

/** The outbox of a store of this process. */
export function storeOutbox(store: NotificationStore): OutboxCalls {
  return {
    heldDue: async (...args) => store.heldDue(...args),
    release: async (...args) => store.release(...args),
    claim: async (...args) => store.claim(...args),
    settle: async (...args) => store.settle(...args),
  };
}

export interface DeliveryOptions {
  readonly outbox: OutboxCalls;
  readonly senders: Senders;
  readonly publicUrl?: string | undefined;
  readonly linkSecret: () => Uint8Array | undefined;
  /** Stores what sent notifications showed. */
  readonly record: (impressions: readonly Interaction[]) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Scores a held notification again when its time has come. Default: released as it is. */
  readonly rescore?: (held: Notification, now: number) => Promise<Release>;
  /** Lets campaigns promote a pin in claimed notifications; never rejects. Default: none. */
  readonly promote?: (claimed: Claimed) => Promise<PromotedEntry | undefined>;
  /** Milliseconds that a receiver has to answer; then the attempt is given up. Default: 20 seconds. */
  readonly sendMsMax?: number | undefined;
  /** Ends the pass before its next claim. */
  readonly signal?: AbortSignal | undefined;
}

/** How many attempts ended how. */
type DeliveryReport = Readonly<Record<'released' | Outcome['kind'], number>>;

const sendMsDefault = 20_000;
/** Longer than an attempt with its settlement: quiet hours must not begin before it ends. */
const leaseMs = 60_000;
/** Attempts at once: as many are lost by a crash. */
const atOnce = 8;
const heldPerPass = 1_000;
const attemptsPerPass = 100_000;

/**
 * One pass: releases held notifications whose time has come, then claims, sends and settles due ones, {@link atOnce} at a time,
 * until none is left. Each is claimed before it is sent, and claimed again only if its receiver certainly has not accepted it. Rejects if
 * the outbox cannot be written.
 */
export async function deliverDue(options: DeliveryOptions): Promise<DeliveryReport> {
  const { outbox, senders, now, signal } = options;
  const report = { released: 0, sent: 0, retry: 0, failed: 0, unknown: 0 };
  for (const held of await outbox.heldDue(now(), heldPerPass)) {
    if (signal?.aborted === true) return report;
    const release = (await options.rescore?.(held, now())) ?? {};
    if (await outbox.release(held.id, release)) report.released++;
  }
  const kinds = Object.keys(senders) as ChannelKind[];
  let attempts = 0;
  while (attempts < attemptsPerPass) {
    if (signal?.aborted === true) break;
    const claimed = await outbox.claim(now(), leaseMs, atOnce, kinds);
    if (claimed.length === 0) break;
    attempts += claimed.length;
    const outcomes = await Promise.all(claimed.map(async (each) => sendOne(each, options)));
    for (const kind of outcomes) report[kind]++;
  }
  return report;
}

async function sendOne(claimed: Claimed, options: DeliveryOptions): Promise<Outcome['kind']> {
  const { outbox, senders, publicUrl, linkSecret, record, now, sendMsMax = sendMsDefault } = options;
  const promoted = await options.promote?.(claimed);
  const outcome = await attempt(async () => {
    const message = messageOf(claimed, publicUrl, linkSecret(), promoted);
    return senders[claimed.channel]!(message, now(), AbortSignal.timeout(sendMsMax));
  });
  const at = now();
  await outbox.settle(claimed.id, claimed.transactionId, outcome, at);
  const impressions = outcome.kind === 'sent' ? impressionsOf(claimed, at, promoted) : [];
  if (impressions.length > 0) await record(impressions);
  return outcome.kind;
}

/** A sender that throws has a fault of its own: whether it sent anything is not known. */
async function attempt(send: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await send();
  } catch (error) {
    return { kind: 'unknown', failure: textOf(error) };
  }
}

import { hash } from 'node:crypto';
import type { ChannelKind } from '../../engine/index.ts';
import { DataError } from '../errors.ts';
import { nameLengthMax, rankMax } from '../interactions/index.ts';
import type { Suppression } from './suppressions.ts';

/**
 * `pending` is due at `notBefore`; `held` waits for a release, which may score it again; `claimed` is being sent; the others are
 * final: `sent`, `dead` (it failed, or nobody knows whether it went out), `cancelled` (it never went out).
 */
type NotificationState = 'pending' | 'held' | 'claimed' | 'sent' | 'dead' | 'cancelled';

/** The text that a person reads: plain, escaped by each sender. */
export interface Copy {
  readonly title: string;
  readonly text: string;
  /** Where it leads: http or https. */
  readonly link?: string | undefined;
  /** Of an image: http or https. */
  readonly image?: string | undefined;
  /** Of the texts above, such as `de`. */
  readonly language: string;
}

/** How a notification came about: enough to replay the decision. Fields of its own are kept. */
interface Journal {
  /** Versions of what decided. */
  readonly model?: string | undefined;
  readonly graph?: string | undefined;
  readonly pipeline?: string | undefined;
  readonly arm?: string | undefined;
  /** Probability of the decision, above 0 and at most 1. */
  readonly propensity?: number | undefined;
  readonly [field: string]: unknown;
}

/** A notification to be sent. At most one for each person, campaign and window is ever stored, and so ever sent. */
export interface Proposal {
  readonly user: string;
  readonly channel: ChannelKind;
  /** Such as `digest`. */
  readonly campaign: string;
  /** Such as `2026-W48`: what happens once in it. */
  readonly window: string;
  /** Keys, best first. The first one must exist when the notification is sent; others may have gone. */
  readonly pins: readonly string[];
  readonly copy: Copy;
  /** Milliseconds since 1970. Default: now. */
  readonly notBefore?: number | undefined;
  /** When sending it makes no more sense, in milliseconds since 1970. */
  readonly expires: number;
  readonly journal?: Journal | undefined;
  /** Whether it waits for {@link NotificationStore.release} at `notBefore`, as one that fell into quiet hours does. */
  readonly isHeld?: boolean | undefined;
  /** The rule that decided against sending: it is stored as cancelled, for the record. */
  readonly suppressedBy?: Suppression | undefined;
}

/** A stored notification. Times are milliseconds since 1970. */
export interface Notification extends Omit<Proposal, 'isHeld'> {
  /** 22 characters, from the person, the campaign and the window. */
  readonly id: string;
  readonly state: NotificationState;
  readonly notBefore: number;
  readonly createdAt: number;
  /** How often sending began. */
  readonly attempts: number;
  /** When sending began that succeeded, is going on, or may have succeeded. */
  readonly claimedAt?: number | undefined;
  readonly sentAt?: number | undefined;
  readonly readAt?: number | undefined;
  /** Why it is dead, or will be tried again. */
  readonly failure?: string | undefined;
  readonly journal: Journal;
}

export interface NotificationRow {
  readonly id: string;
  readonly user: string;
  readonly channel: ChannelKind;
  readonly campaign: string;
  readonly window: string;
  readonly pins: string;
  readonly title: string;
  readonly text: string;
  readonly link: string | null;
  readonly image: string | null;
  readonly language: string;
  readonly state: NotificationState;
  readonly notBefore: number;
  readonly expires: number;
  readonly createdAt: number;
  readonly attempts: number;
  readonly leaseUntil: number | null;
  readonly transactionId: string | null;
  readonly claimedAt: number | null;
  readonly sentAt: number | null;
  readonly readAt: number | null;
  readonly suppressedBy: Suppression | null;
  readonly failure: string | null;
  readonly journal: string;
}

export function notificationOf(row: NotificationRow): Notification {
  const { title, text, link, image, language, leaseUntil: _, transactionId: _id, ...rest } = row;
  const { claimedAt, sentAt, readAt, suppressedBy, failure } = row;
  return {
    ...rest,
    pins: JSON.parse(row.pins) as string[],
    copy: { title, text, link: link ?? undefined, image: image ?? undefined, language },
    claimedAt: claimedAt ?? undefined,
    sentAt: sentAt ?? undefined,
    readAt: readAt ?? undefined,
    suppressedBy: suppressedBy ?? undefined,
    failure: failure ?? undefined,
    journal: JSON.parse(row.journal) as Journal,
  };
}

/** The id of a notification: the same person, campaign and window are the same notification. */
export function notificationId(user: string, campaign: string, window: string): string {
  return hash('sha256', JSON.stringify([user, campaign, window]), 'base64url').slice(0, 22);
}

/**
 * What receivers know repeated attempts by: 16 characters, the same for each attempt of a notification. Not to be confused with the
 * transaction id, 64 characters, of one attempt alone, which no receiver gets.
 */
export function idempotencyKeyOf(id: string): string {
  return hash('sha256', `pinwalk notification ${id}`, 'hex').slice(0, 16);
}

/** Characters of a title, a text, a link. */
const [titleMax, textMax, linkMax] = [200, 4_000, 2_048] as const;
/** Of a notification. */
const pinsMax = 100;
const journalBytesMax = 16_384;

/** Throws `notification-invalid`, with the field. */
export function assertProposal(proposal: Proposal, now: number): void {
  const { user, campaign, window, pins, copy, notBefore = now, expires, journal = {} } = proposal;
  const { propensity = 1 } = journal;
  const isSent = proposal.suppressedBy === undefined;
  const faults: readonly (readonly [isFault: boolean, fault: string])[] = [
    [user === '', 'user is empty'],
    [campaign === '' || campaign.length > nameLengthMax, `campaign has 1 to ${nameLengthMax} characters`],
    [window === '' || window.length > nameLengthMax, `window has 1 to ${nameLengthMax} characters`],
    [pins.length > Math.min(pinsMax, rankMax), `pins are at most ${pinsMax}`],
    [
      (isSent && copy.title.trim() === '') || copy.title.length > titleMax,
      `title has 1 to ${titleMax} characters`,
    ],
    [copy.text.length > textMax, `text has at most ${textMax} characters`],
    [!isWebLink(copy.link), `link is an http or https URL of at most ${linkMax} characters`],
    [!isWebLink(copy.image), `image is an http or https URL of at most ${linkMax} characters`],
    [!Number.isFinite(notBefore) || !(expires > notBefore), 'expires is not after notBefore'],
    [!(propensity > 0 && propensity <= 1), 'propensity is not above 0 and at most 1'],
    [JSON.stringify(journal).length > journalBytesMax, `journal has at most ${journalBytesMax} characters`],
  ];
  const [, fault] = faults.find(([isFault]) => isFault) ?? [];
  if (fault === undefined) return;
  throw new DataError('notification-invalid', `a notification of ${campaign} in ${window}: ${fault}`);
}

function isWebLink(link: string | undefined): boolean {
  return link === undefined || webLink(link) !== undefined;
}

/** An address that a notification may lead to, http or https and not too long; undefined for any other. */
export function webLink(address: string | null | undefined): string | undefined {
  if (typeof address !== 'string' || address.length > linkMax || !URL.canParse(address)) return undefined;
  return /^https?:$/.test(new URL(address).protocol) ? address : undefined;
}

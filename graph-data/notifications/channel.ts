import type { ChannelKind, QuietHours } from '../../engine/index.ts';

/** How often at most a channel is used, counted by the times at which sending began. Default: no limit. */
interface Caps {
  /** In any 24 hours. */
  readonly perDay?: number | undefined;
  /** In any 7 days. */
  readonly perWeek?: number | undefined;
  /** Minutes between two notifications. */
  readonly minGapMinutes?: number | undefined;
}

/** A channel as the application sets it: one of each kind a person. */
export interface ChannelSettings {
  readonly kind: ChannelKind;
  /**
   * An e-mail address, a subscription of Web Push as JSON, or the application's own name of the person for its
   * webhook.
   */
  readonly address: string;
  /** Whether the person agreed to be notified here. */
  readonly consent: boolean;
  /** When they said so, in milliseconds since 1970. Default: when it last changed. */
  readonly consentAt?: number | undefined;
  /** An IANA name. */
  readonly timeZone: string;
  readonly quietHours?: QuietHours | undefined;
  readonly caps: Caps;
  /** Of what surrounds the copy, such as `de`. */
  readonly language: string;
}

/** A stored channel of a person. */
export interface Channel extends ChannelSettings {
  readonly user: string;
  readonly consentAt: number;
  /**
   * Random, 22 characters: a link to unsubscribe names it instead of the person. It stays while the channel
   * does.
   */
  readonly channelId: string;
  /** When its receiver said that the address no longer exists; undefined while it does. */
  readonly unreachableAt?: number | undefined;
}

export interface ChannelRow {
  readonly user: string;
  readonly kind: ChannelKind;
  readonly channelId: string;
  readonly address: string;
  readonly consent: number;
  readonly consentAt: number;
  readonly timeZone: string;
  readonly quietStart: number | null;
  readonly quietEnd: number | null;
  readonly perDay: number | null;
  readonly perWeek: number | null;
  readonly minGapMinutes: number | null;
  readonly language: string;
  readonly unreachableAt: number | null;
}

export function channelOf(row: ChannelRow): Channel {
  const { consent, quietStart, quietEnd, perDay, perWeek, minGapMinutes, unreachableAt, ...same } = row;
  const hasHours = quietStart !== null && quietEnd !== null;
  return {
    ...same,
    consent: consent === 1,
    quietHours: hasHours ? { startMinute: quietStart, endMinute: quietEnd } : undefined,
    caps: {
      perDay: perDay ?? undefined,
      perWeek: perWeek ?? undefined,
      minGapMinutes: minGapMinutes ?? undefined,
    },
    unreachableAt: unreachableAt ?? undefined,
  };
}

export function rowOf(channel: Channel): ChannelRow {
  const { consent, quietHours, caps, unreachableAt, ...same } = channel;
  return {
    ...same,
    consent: consent ? 1 : 0,
    quietStart: quietHours?.startMinute ?? null,
    quietEnd: quietHours?.endMinute ?? null,
    perDay: caps.perDay ?? null,
    perWeek: caps.perWeek ?? null,
    minGapMinutes: caps.minGapMinutes ?? null,
    unreachableAt: unreachableAt ?? null,
  };
}

import type { QuietHours } from '../../engine/index.ts';
import type { Channel, ChannelSettings, Notification } from '../../graph-data/index.ts';
import type { ChannelRequest, ChannelResponse } from '../contract/index.ts';

/** Of channels that name none. */
const defaultLanguage = 'en';

/** A channel of a request as it is stored. */
export function settingsOf(user: string, given: ChannelRequest): ChannelSettings {
  const {
    kind,
    address = kind === 'webhook' ? user : '',
    subscription,
    quietHours,
    caps = {},
    consent,
  } = given;
  const { timeZone, consentAt, language = defaultLanguage } = given;
  return {
    kind,
    address: subscription === undefined ? address : JSON.stringify(subscription),
    consent,
    consentAt,
    timeZone,
    quietHours: quietHours && {
      startMinute: minuteOf(quietHours.start),
      endMinute: minuteOf(quietHours.end),
    },
    caps,
    language,
  };
}

/** A stored channel as responses have it. */
export function channelResponseOf(channel: Channel): ChannelResponse {
  const { kind, address, consent, consentAt, timeZone, quietHours, caps, language, unreachableAt } = channel;
  const entries = Object.entries(caps).filter(([, value]) => value !== undefined);
  return {
    kind,
    ...(kind === 'push' && { subscription: JSON.parse(address) as Record<string, unknown> }),
    ...(kind !== 'push' && address !== '' && { address }),
    consent,
    consentAt: new Date(consentAt).toISOString(),
    timeZone,
    ...(quietHours && { quietHours: textsOf(quietHours) }),
    ...(entries.length > 0 && { caps: Object.fromEntries(entries) }),
    language,
    ...(unreachableAt !== undefined && { unreachableAt: new Date(unreachableAt).toISOString() }),
  };
}

/** Channels and notifications for the export of a person, who may have none. */
export function exportedNotifications(
  person: { readonly channels: readonly Channel[]; readonly notifications: readonly Notification[] } = {
    channels: [],
    notifications: [],
  },
): {
  readonly channels: readonly ChannelResponse[];
  readonly notifications: readonly Record<string, unknown>[];
} {
  return {
    channels: person.channels.map(channelResponseOf),
    notifications: person.notifications.map(({ user: _user, copy, ...rest }) => {
      const { notBefore, expires, createdAt, claimedAt, sentAt, readAt } = rest;
      const times = { notBefore, expires, createdAt, claimedAt, sentAt, readAt };
      const texts = Object.entries(times).map(([name, time]) => [
        name,
        time === undefined ? undefined : new Date(time).toISOString(),
      ]);
      const { link = null, image = null, ...others } = copy;
      return { ...rest, ...others, link, image, ...Object.fromEntries(texts) };
    }),
  };
}

function minuteOf(text: string): number {
  const [hour, minute] = text.split(':').map(Number);
  return hour! * 60 + minute!;
}

function textsOf({ startMinute, endMinute }: QuietHours): { start: string; end: string } {
  return { start: textOf(startMinute), end: textOf(endMinute) };
}

function textOf(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

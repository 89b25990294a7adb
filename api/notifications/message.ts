import {
  type Claimed,
  type Interaction,
  type Notification,
  idempotencyKeyOf,
} from '../../graph-data/index.ts';
import { type LinkPurpose, signLink } from './links.ts';

/** A claimed notification as senders get it: with links in place of what may not leave the machine. */
export interface Message {
  readonly id: string;
  /** The same in each attempt, 16 characters. The transaction id of the attempt stays here. */
  readonly idempotencyKey: string;
  /** The address of the channel. */
  readonly to: string;
  readonly user: string;
  readonly campaign: string;
  readonly window: string;
  readonly pins: readonly string[];
  readonly title: string;
  readonly text: string;
  readonly link: string | undefined;
  readonly image: string | undefined;
  readonly language: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** Undefined without a public address of the server. */
  readonly unsubscribeUrl: string | undefined;
  readonly openUrl: string | undefined;
}

const paths: Readonly<Record<LinkPurpose, (token: string) => string>> = {
  unsubscribe: (token) => `/v1/unsubscribe/${token}`,
  click: (token) => `/v1/notifications/${token}/click`,
  open: (token) => `/v1/notifications/${token}/open`,
};

/** `publicUrl`: where receivers reach this server; without it, there are no signed links. */
export function messageOf(
  claimed: Claimed,
  publicUrl: string | undefined,
  secret: Uint8Array | undefined,
): Message {
  const { id, user, campaign, window, pins, copy, expires, channelSettings } = claimed;
  const signed = (purpose: LinkPurpose, of: string): string | undefined =>
    publicUrl === undefined || secret === undefined
      ? undefined
      : publicUrl.replace(/\/+$/, '') + paths[purpose](signLink(secret, purpose, of));
  return {
    id,
    idempotencyKey: idempotencyKeyOf(id),
    to: channelSettings.address,
    user,
    campaign,
    window,
    pins,
    title: copy.title,
    text: copy.text,
    link: copy.link === undefined ? undefined : (signed('click', id) ?? copy.link),
    image: copy.image,
    language: channelSettings.language,
    expires,
    unsubscribeUrl: signed('unsubscribe', channelSettings.channelId),
    openUrl: signed('open', id),
  };
}

/** The surface of what a person is shown and does by a channel. */
function surfaceOf(channel: string): string {
  return `notification-${channel}`;
}

/** What a sent notification showed: an impression of each pin. The same notification has the same ids. */
export function impressionsOf(notification: Notification, at: number): Interaction[] {
  return notification.pins.map((pin, i) => ({
    ...common(notification),
    id: `${notification.id}/shown/${i + 1}`,
    kind: 'impression',
    pin,
    at,
    rank: i + 1,
    propensity: notification.journal.propensity,
  }));
}

/** An action on a notification, such as `click`: once a day, however often its link is followed. */
export function actionOf(notification: Notification, kind: 'click' | 'open', at: number): Interaction {
  const [pin] = notification.pins;
  return { ...common(notification), id: `${notification.id}/${kind}`, kind, pin, at };
}

function common({ id, user, channel, journal }: Notification) {
  const { pipeline, arm } = journal;
  return { user, recommendationId: id, surface: surfaceOf(channel), pipeline, arm };
}

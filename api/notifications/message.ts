import type { ChannelKind } from '../../engine/index.ts';
import {
  type Claimed,
  type ClaimedPin,
  type Interaction,
  type Notification,
  idempotencyKeyOf,
} from '../../graph-data/index.ts';
import type { InteractionInput } from '../contract/index.ts';
import { type LinkPurpose, signLink } from './links.ts';

/** A pin that a campaign promotes in a notification. */
export interface PromotedEntry {
  /** Its place among the pins that the receiver shows, from 2. */
  readonly place: number;
  readonly pin: string;
  readonly title: string | undefined;
  /** Its http or https address. */
  readonly link: string | undefined;
  readonly campaign: string;
  readonly label: string;
  readonly token: string;
}

/** A claimed notification as senders get it: with links instead of data that may not leave the machine. */
export interface Message {
  readonly id: string;
  /** The same in each attempt, 16 characters. The transaction id of the attempt stays here. */
  readonly idempotencyKey: string;
  /** The address of the channel. */
  readonly to: string;
  readonly user: string;
  readonly campaign: string;
  readonly window: string;
  /** What the receiver shows, best first. */
  readonly pins: readonly string[];
  /** The promoted ones among them, to be labeled so; `token` comes back with a click or a save. */
  readonly promoted: Pick<PromotedEntry, 'pin' | 'campaign' | 'label' | 'token'> | undefined;
  /** Of an e-mail: the pins after the first, each with a link of its own. */
  readonly more: readonly { readonly title: string; readonly link: string }[];
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

/** UTF-16 units of the title of a further pin. */
const moreTitleMax = 200;

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
  promoted?: PromotedEntry,
): Message {
  const { id, user, campaign, window, copy, expires, channelSettings } = claimed;
  const signed = (purpose: LinkPurpose, of: string): string | undefined =>
    publicUrl === undefined || secret === undefined
      ? undefined
      : publicUrl.replace(/\/+$/, '') + paths[purpose](signLink(secret, purpose, of));
  const shown = withPromoted(shownPins(claimed), promoted);
  return {
    id,
    idempotencyKey: idempotencyKeyOf(id),
    to: channelSettings.address,
    user,
    campaign,
    window,
    pins: shown.map(({ pin }) => pin),
    promoted: promoted && {
      pin: promoted.pin,
      campaign: promoted.campaign,
      label: promoted.label,
      token: promoted.token,
    },
    more: moreOf(claimed.channel, shown, (place) => signed('click', clickId(id, place, promoted?.token))),
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

/**
 * The content of a claimed notification. An e-mail lists the pins that have an address, a push has room for
 * one; the other channels get the keys and show whatever they like.
 */
export function shownPins({ channel, live }: Claimed): readonly ClaimedPin[] {
  if (channel === 'push') return live.slice(0, 1);
  return channel === 'email' ? live.filter(({ link }, i) => i === 0 || link !== undefined) : live;
}

/** At its place, if there is none before it that is empty. The promoted pin is none of the notification's: it has the place 0 there. */
function withPromoted(
  shown: readonly ClaimedPin[],
  promoted: PromotedEntry | undefined,
): readonly ClaimedPin[] {
  if (promoted === undefined) return shown;
  const { pin, title, link, label } = promoted;
  return shown.toSpliced(promoted.place - 1, 0, { pin, place: 0, title: `${label}: ${title ?? pin}`, link });
}

function moreOf(
  channel: ChannelKind,
  [, ...others]: readonly ClaimedPin[],
  signed: (place: number) => string | undefined,
): Message['more'] {
  if (channel !== 'email') return [];
  return others.map(({ pin, title = '', link, place }) => {
    const shown = [title, pin].find((text) => text.trim() !== '') ?? '…';
    return { title: shown.slice(0, moreTitleMax), link: signed(place) ?? link! };
  });
}

/** The signed part of a pin's link: for the first pin the notification itself, for a promoted pin its token. */
function clickId(id: string, place: number, token: string = ''): string {
  if (place === 1) return id;
  return place === 0 ? `${id}.0.${token}` : `${id}.${place}`;
}

/** The notification that the link of a pin is of, and the place of the pin among its pins; 0 and a token for a promoted one. */
export function clickedOf(signed: string): {
  readonly id: string;
  readonly place: number;
  readonly token: string | undefined;
} {
  const [id = '', place = '1', token] = signed.split('.');
  return { id, place: Number(place), token };
}

/** The surface of impressions and actions through a channel. */
function surfaceOf(channel: string): string {
  return `notification-${channel}`;
}

/**
 * The impressions of a sent notification: one for each pin of its message. The same notification has the same
 * ids.
 */
export function impressionsOf(claimed: Claimed, at: number, promoted?: PromotedEntry): Interaction[] {
  const { user, recommendationId, surface, pipeline, arm } = common(claimed);
  return withPromoted(shownPins(claimed), promoted).map(({ pin, place }, i) => ({
    user,
    recommendationId,
    surface,
    pipeline: place === 0 ? 'promoted' : pipeline,
    arm,
    id: `${claimed.id}/shown/${i + 1}`,
    kind: 'impression',
    pin,
    at,
    rank: i + 1,
    propensity: claimed.journal.propensity,
  }));
}

/** An action on a pin of a notification, such as `click`: once a day, however often its link is followed. `place`: from 1. */
export function actionOf(
  notification: Notification,
  kind: 'click' | 'open',
  at: number,
  place = 1,
): Interaction {
  const pin = notification.pins[place - 1];
  const id = `${notification.id}/${kind}${place === 1 ? '' : `/${place}`}`;
  return { ...common(notification), id, kind, pin, at };
}

/** A click on a promoted pin of a notification: its campaign pays once. */
export function promotedClickOf(
  notification: Notification,
  pin: string,
  token: string,
  at: number,
): InteractionInput {
  const id = `${notification.id}/click/promoted`;
  return { ...common(notification), id, kind: 'click', pin, at, pipeline: 'promoted', promoted: token };
}

function common({ id, user, channel, journal }: Notification) {
  const { pipeline, arm } = journal;
  return { user, recommendationId: id, surface: surfaceOf(channel), pipeline, arm };
}

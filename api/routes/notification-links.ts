import { z } from 'zod';
import {
  type Notification,
  readChannel,
  readLinkSecret,
  readNotification,
  webLink,
} from '../../graph-data/index.ts';
import { Problem, noParameters } from '../base/index.ts';
import type { InteractionInput } from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import {
  type LinkPurpose,
  actionOf,
  clickedOf,
  promotedClickOf,
  unsubscribePage,
  verifyLink,
  wordsOrEnglish,
} from '../notifications/index.ts';
import type { Service } from '../service.ts';

const common = {
  tag: 'notifications',
  scope: 'open',
  params: z.strictObject({ token: z.string().min(1).max(200) }),
  query: noParameters,
} as const;
const page = { status: 200, description: 'A page', type: 'text/html; charset=utf-8' } as const;

/** Of the page of a channel that is gone. */
const defaultLanguage = 'en';

/** One pixel, transparent. */
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** The signed links of notifications. They need no key: anybody who has a link may follow it. */
export function notificationLinkRoutes(service: Service): Route[] {
  const { folder, store, notifications, interactions, wallClock, keptFrom, log, promotion } = service;
  const pageOf = ({ language } = { language: defaultLanguage }, isDone: boolean): string =>
    unsubscribePage(
      language,
      wordsOrEnglish(language, folder, (fault) => log.warn(fault)),
      isDone,
    );
  const idOf = (purpose: LinkPurpose, token: string): string => {
    const secret = readLinkSecret(folder);
    const id = secret && verifyLink(secret, purpose, token);
    if (id === undefined) throw new Problem('unknown-link', 'this link is not from this server, or was cut');
    return id;
  };
  const notificationOf = (id: string): Notification => {
    const notification = readNotification(folder, id);
    if (notification !== undefined) return notification;
    throw new Problem('unknown-link', 'the notification of this link is no longer kept');
  };
  /** A link leads to its target even if nothing can be recorded. */
  const record = async (row: InteractionInput): Promise<void> => {
    try {
      await interactions.write({ rows: [row], time: wallClock(), from: keptFrom() });
    } catch (err) {
      log.warn({ err }, `a ${row.kind} of a notification was not recorded`);
    }
  };
  const addressOf = (pin: string): string | undefined => {
    const index = store.indexOf('pins', pin);
    return index === undefined ? undefined : webLink(store.nodeAt('pins', index)?.url);
  };
  /** Of the first pin, its notification's; of another, that of the pin; and the click that it records. */
  const clickOf = async (
    signed: string,
  ): Promise<{ readonly link: string | undefined; readonly click: InteractionInput }> => {
    const { id, place, token } = clickedOf(signed);
    const notification = notificationOf(id);
    const click = actionOf(notification, 'click', wallClock(), place);
    if (token === undefined)
      return { link: place === 1 ? notification.copy.link : addressOf(click.pin ?? ''), click };
    const pin = (await promotion.codeIfUsed())?.readPromotedPin(folder, token);
    if (pin === undefined)
      throw new Problem('unknown-link', 'the promoted pin of this link is no longer kept');
    return { link: addressOf(pin), click: promotedClickOf(notification, pin, token, wallClock()) };
  };
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/unsubscribe/{token}',
      operationId: 'askToUnsubscribe',
      needsWriter: true,
      summary: 'The page of a link to unsubscribe: a button',
      description: 'Changes nothing, since programs that scan e-mails follow links.',
      response: page,
      problems: ['unknown-link'],
      handle: ({ params: { token } }) => {
        const channel = readChannel(folder, idOf('unsubscribe', token));
        return { body: pageOf(channel, false) };
      },
    }),
    defineRoute({
      ...common,
      method: 'post',
      path: '/v1/unsubscribe/{token}',
      operationId: 'unsubscribe',
      needsWriter: true,
      summary: 'Withdraw the consent of a channel by its signed link (RFC 8058)',
      description:
        'Takes effect at once, also for notifications that wait to be sent. Repeating it changes nothing; the body is ignored.',
      response: { ...page, description: 'Nothing more is sent on this channel' },
      problems: ['unknown-link', 'overloaded', 'storage-unavailable'],
      handle: async ({ params: { token } }) => {
        const channel = await notifications.call('unsubscribe', idOf('unsubscribe', token), wallClock());
        // A channel that is gone sends nothing either.
        return { body: pageOf(channel, true) };
      },
    }),
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/notifications/{token}/click',
      operationId: 'followNotification',
      needsWriter: true,
      summary: 'Record a click on a notification, and lead to its link',
      description: 'The interaction `click` of the pin that the link is of, once a day.',
      response: {
        status: 302,
        description: 'To the link of the notification, or of that pin',
        type: 'text/plain; charset=utf-8',
      },
      problems: ['unknown-link'],
      handle: async ({ params: { token }, express }) => {
        const { link, click } = await clickOf(idOf('click', token));
        if (link === undefined) throw new Problem('unknown-link', 'this notification leads nowhere');
        if (express.method !== 'HEAD') await record(click);
        return { body: 'This way.\n', headers: { Location: link, 'Cache-Control': 'no-store' } };
      },
    }),
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/notifications/{token}/open',
      operationId: 'openNotification',
      needsWriter: true,
      summary: 'Record that an e-mail was opened, by an image of one pixel',
      description:
        'The interaction `open` of its first pin, once a day. Mail proxies load images unseen: count clicks.',
      response: { status: 200, description: 'A pixel', type: 'image/gif' },
      problems: ['unknown-link'],
      handle: async ({ params: { token }, express }) => {
        const notification = notificationOf(idOf('open', token));
        if (express.method !== 'HEAD') await record(actionOf(notification, 'open', wallClock()));
        return { body: pixel, headers: { 'Cache-Control': 'no-store' } };
      },
    }),
  ];
}

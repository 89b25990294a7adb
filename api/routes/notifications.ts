import { countUnread, readChannels, readInbox } from '../../graph-data/index.ts';
import { noParameters } from '../base/index.ts';
import {
  channelsRequest,
  channelsResponse,
  inboxParameters,
  inboxResponse,
  personPath,
  readRequest,
  readResponse,
} from '../contract/index.ts';
import { type Route, defineRoute } from '../http/index.ts';
import { channelResponseOf, settingsOf } from '../notifications/index.ts';
import type { Service } from '../service.ts';
import { readInboxCursor, writeInboxCursor } from './inbox-cursor.ts';

const common = { tag: 'notifications', params: personPath } as const;

/** How people may be reached, and their inbox. */
export function notificationRoutes({ folder, notifications, wallClock }: Service): Route[] {
  const channelsOf = (user: string) => ({ channels: readChannels(folder, user).map(channelResponseOf) });
  return [
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/users/{user}/channels',
      operationId: 'getChannels',
      needsWriter: true,
      summary: 'The channels of a person: addresses, consent, quiet hours, caps',
      scope: 'write',
      query: noParameters,
      response: { status: 200, description: 'Their channels', schema: channelsResponse },
      problems: ['storage-unavailable'],
      handle: ({ params: { user } }) => ({ body: channelsOf(user) }),
    }),
    defineRoute({
      ...common,
      method: 'put',
      path: '/v1/users/{user}/channels',
      operationId: 'putChannels',
      summary: 'Set the channels of a person, and their consent',
      description:
        'Replaces all their channels. Notifications that wait for a removed channel, or one without consent, are cancelled at once. The person need not ' +
        'exist.',
      scope: 'write',
      query: noParameters,
      body: channelsRequest,
      response: { status: 200, description: 'The channels are durable', schema: channelsResponse },
      problems: ['overloaded', 'storage-unavailable'],
      handle: async ({ params: { user }, body: { channels } }) => {
        const settings = channels.map((each) => settingsOf(user, each));
        await notifications.call('putChannels', user, settings, wallClock());
        return { body: channelsOf(user) };
      },
    }),
    defineRoute({
      ...common,
      method: 'get',
      path: '/v1/users/{user}/notifications',
      operationId: 'getInbox',
      needsWriter: true,
      summary: 'The inbox of a person: notifications of their channel `inbox`, newest first',
      scope: 'read',
      query: inboxParameters,
      response: { status: 200, description: 'A page of the inbox', schema: inboxResponse },
      problems: ['storage-unavailable'],
      handle: ({ params: { user }, query: { limit, cursor } }) => {
        const after = cursor === undefined ? undefined : readInboxCursor(user, cursor);
        const page = readInbox(folder, user, limit, after);
        const last = page.length === limit ? page.at(-1) : undefined;
        const nextCursor = last && writeInboxCursor(user, { sentAt: last.sentAt!, id: last.id });
        return {
          body: {
            notifications: page.map(({ id, campaign, pins, copy, sentAt, readAt }) => ({
              id,
              campaign,
              title: copy.title,
              text: copy.text,
              link: copy.link ?? null,
              image: copy.image ?? null,
              language: copy.language,
              pins: [...pins],
              sentAt: new Date(sentAt!).toISOString(),
              readAt: readAt === undefined ? null : new Date(readAt).toISOString(),
            })),
            unread: countUnread(folder, user),
            nextCursor: nextCursor ?? null,
          },
        };
      },
    }),
    defineRoute({
      ...common,
      method: 'post',
      path: '/v1/users/{user}/notifications/read',
      operationId: 'markRead',
      summary: 'Mark notifications of the inbox as read',
      description: 'Marking one twice, or one that is not in the inbox, changes nothing.',
      scope: 'write',
      query: noParameters,
      body: readRequest,
      response: { status: 200, description: 'The marks are durable', schema: readResponse },
      problems: ['overloaded', 'storage-unavailable'],
      handle: async ({ params: { user }, body: { ids } }) => {
        const read = await notifications.call('markRead', user, ids, wallClock());
        return { body: { read: read.length } };
      },
    }),
  ];
}

import { z } from 'zod';
import { channelKinds, isTimeZone } from '../../engine/notify/index.ts';
import type { Immutable } from '../base/index.ts';
import { numberFromQuery } from './query-strings.ts';
import { storedKeySchema, timeSchema } from './writes/index.ts';

const clockTime = z
  .string()
  .length(5)
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day such as 22:00')
  .describe('By the clocks of the time zone, such as `22:00`.');

const base64Url = (bytes: number): z.ZodString => {
  const length = Math.ceil((bytes * 4) / 3);
  return z.string().length(length).regex(/^[\w-]+$/, 'is not base64url without padding'); // prettier-ignore
};

/** What `PushSubscription.toJSON()` of a browser gives. */
const subscription = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .describe('An endpoint of a push service that the setting `pushHosts` allows.'),
  expirationTime: z.number().nullable().exactOptional(),
  keys: z.strictObject({
    p256dh: base64Url(65).describe('The public key of the browser.'),
    auth: base64Url(16).describe('The authentication secret of the browser.'),
  }),
});

const cap = z.int().min(0).max(1_000);

/** The fields of a channel, of requests and responses. */
const fields = {
  kind: z
    .enum(channelKinds)
    .describe(
      '`webhook` hands notifications over to the application; `inbox` keeps them for `GET …/notifications`; `file` is for trying out.',
    ),
  address: storedKeySchema
    .exactOptional()
    .describe("For `email`: the address. For `webhook`: the receiver's id of the person; default: `user`."),
  subscription: subscription.exactOptional().describe("For `push`: the browser's subscription."),
  consent: z
    .boolean()
    .describe('Whether the person agreed to be notified here. Without, nothing is ever sent.'),
  timeZone: z
    .string()
    .min(1)
    .max(64)
    .refine(isTimeZone, 'is not a time zone such as Europe/Berlin')
    .describe('The IANA name of the time zone of `quietHours`.'),
  quietHours: z
    .strictObject({ start: clockTime, end: clockTime })
    .refine(({ start, end }) => start !== end, { path: ['end'], message: 'is that of the start' })
    .exactOptional()
    .describe('When nothing is sent, from `start` until before `end`, over midnight if the end is earlier.'),
  caps: z
    .strictObject({
      perDay: cap.exactOptional().describe('In any 24 hours.'),
      perWeek: cap.exactOptional().describe('In any 7 days.'),
      minGapMinutes: z.int().min(0).max(10_080).exactOptional().describe('Between two notifications.'),
    })
    .exactOptional()
    .describe('Most notifications on this channel. Default: no limit.'),
  language: z
    .string()
    .max(35)
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'is not a language tag such as de or pt-BR')
    .exactOptional()
    .describe('Language of the template around the texts. Default: `en`.'),
};

type ChannelFields = Partial<Record<'kind' | 'address' | 'subscription', unknown>>;

function faultsOf({
  kind,
  address,
  subscription: given,
}: ChannelFields): readonly [field: string, message: string][] {
  const faults: [string, string][] = [];
  if (kind === 'push' && given === undefined)
    faults.push(['subscription', 'is missing, and `push` needs one']);
  if (kind !== 'push' && given !== undefined) faults.push(['subscription', 'is only for `push`']);
  if (kind === 'email' && !z.email().max(254).safeParse(address).success)
    faults.push(['address', 'is not an e-mail address']);
  if (kind !== 'email' && kind !== 'webhook' && address !== undefined)
    faults.push(['address', 'is only for `email` and `webhook`']);
  return faults;
}

const channel = z
  .strictObject({
    ...fields,
    consentAt: timeSchema
      .optional()
      .describe('Time of the consent or its withdrawal. Default: now, or the last change.'),
  }) // prettier-ignore
  .superRefine(
    (given, context) => {
      for (const [field, message] of faultsOf(given))
        context.addIssue({ code: 'custom', path: [field], message });
    },
    { when: ({ value }) => typeof value === 'object' && value !== null },
  );

export type ChannelRequest = Immutable<z.output<typeof channel>>;

export const channelsRequest = z
  .strictObject({
    channels: z
      .array(channel)
      .max(channelKinds.length)
      .superRefine((channels, context) => {
        const kinds = channels.map(({ kind }) => kind);
        for (const [i, kind] of kinds.entries()) {
          if (kinds.indexOf(kind) < i)
            context.addIssue({ code: 'custom', path: [i, 'kind'], message: 'is that of an earlier channel' });
        }
      })
      .describe('All channels of the person, one of each kind; channels that are not listed are removed.'),
  })
  .meta({
    id: 'ChannelsRequest',
    examples: [
      {
        channels: [
          {
            kind: 'email',
            address: 'ann@example.com',
            consent: true,
            timeZone: 'Europe/Berlin',
            quietHours: { start: '22:00', end: '07:00' },
            caps: { perDay: 1, perWeek: 3 },
          },
          { kind: 'inbox', consent: true, timeZone: 'Europe/Berlin' },
        ],
      },
    ],
  });

const time = z.iso.datetime();

const channelResponse = z
  .strictObject({
    ...fields,
    address: z.string().exactOptional(),
    subscription: z.looseObject({}).exactOptional(),
    timeZone: z.string(),
    quietHours: z.strictObject({ start: z.string(), end: z.string() }).exactOptional(),
    language: z.string(),
    consentAt: time,
    unreachableAt: time
      .exactOptional()
      .describe(
        'When the receiver reported that the address no longer exists; nothing is sent until it changes.',
      ),
  })
  .meta({ id: 'Channel' });

export type ChannelResponse = Immutable<z.output<typeof channelResponse>>;

export const channelsResponse = z
  .strictObject({ channels: z.array(channelResponse).describe('By kind.') })
  .meta({ id: 'Channels' });

export const personPath = z.strictObject({ user: storedKeySchema });

export const inboxParameters = z.strictObject({
  limit: numberFromQuery(z.int().min(1).max(100).default(20)),
  cursor: z.string().max(200).optional(),
});

const message = {
  id: z.string(),
  campaign: z.string(),
  title: z.string(),
  text: z.string(),
  link: z.string().nullable(),
  image: z.string().nullable(),
  language: z.string(),
  pins: z.array(z.string()).describe('Best first.'),
};

export const inboxResponse = z
  .strictObject({
    notifications: z
      .array(z.strictObject({ ...message, sentAt: time, readAt: time.nullable() }))
      .describe('Newest first. Plain text: escape it.'),
    unread: z.int().nonnegative().describe('Of the whole inbox.'),
    nextCursor: z.string().nullable().describe('The cursor of the next page; null on the last page'),
  })
  .meta({ id: 'Inbox' });

export const readRequest = z
  .strictObject({
    ids: z
      .array(z.string().max(64))
      .max(1_000)
      .optional()
      .describe('Those to mark. Default: all that are unread.'),
  })
  .meta({ id: 'ReadRequest', examples: [{ ids: ['Zm9yZXN0cyBhcmUgZ3JlZW'] }, {}] });

export const readResponse = z
  .strictObject({ read: z.int().nonnegative().describe('How many of them were unread.') })
  .meta({ id: 'ReadResponse' });

/** Of the export of a person. */
export const exportedNotification = z.looseObject({
  ...message,
  channel: z.string(),
  state: z.string(),
  createdAt: time,
});
export const exportedChannels = z.array(channelResponse);

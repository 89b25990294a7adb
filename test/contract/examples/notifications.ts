import { signLink } from '../../../api/notifications/links.ts';
import { NotificationStore, readChannels, readLinkSecret } from '../../../graph-data/index.ts';
import type { TestServer } from '../../api/server.ts';
import type { Example, Examples } from './example.ts';

const zone = { consent: true, timeZone: 'Europe/Berlin' };
const channels = [
  { kind: 'email', address: 'ann@example.com', ...zone, quietHours: { start: '22:00', end: '07:00' } },
  {
    kind: 'push',
    subscription: {
      endpoint: 'https://push.example.com/x',
      keys: { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) },
    },
    ...zone,
  },
  { kind: 'webhook', ...zone, consentAt: '2026-05-17', caps: { perDay: 1 }, language: 'de' },
];

/** A signed link of a notification that was sent. */
async function link(server: TestServer, purpose: 'unsubscribe' | 'click' | 'open'): Promise<Example> {
  const store = new NotificationStore(server.folder, 1_000);
  const [user, now] = ['linked', Date.now()];
  const settings = {
    kind: 'inbox',
    address: '',
    consent: true,
    timeZone: 'UTC',
    caps: {},
    language: 'en',
  } as const;
  store.putChannels(user, [settings], now);
  const copy = { title: 'New', text: '', link: 'https://example.com/basil', language: 'en' };
  const common = { user, channel: 'inbox', campaign: 'digest', copy, expires: now + 60_000 } as const;
  store.propose([{ ...common, window: purpose, pins: ['basil'] }], now);
  const { id } = store.claim(now, 1_000, 1)[0] ?? { id: 'claimed before' };
  store.close();
  const [{ channelId } = { channelId: '' }] = readChannels(server.folder, user);
  const secret = readLinkSecret(server.folder)!;
  links.set(purpose, links.get(purpose) ?? id);
  const token = signLink(secret, purpose, purpose === 'unsubscribe' ? channelId : links.get(purpose)!);
  return { params: { token } };
}
/** Of each purpose, the notification of the first call. */
const links = new Map<string, string>();
const forged = { params: { token: 'forged.token' }, problem: 'unknown-link' } as const;

export const notifications: Examples = {
  getChannels: [{ params: { user: 'ann' } }, { params: { user: 'nobody' } }],
  putChannels: [
    { params: { user: 'ann' }, body: { channels } },
    { params: { user: 'ann' }, body: { channels: [] } },
    { params: { user: 'ann' }, body: { channels: [channels[0], channels[0]] }, problem: 'invalid-request' },
  ],
  getInbox: [{ params: { user: 'ann' } }, { params: { user: 'ann' }, query: { limit: 1 } }],
  reportNotifications: [{}, { query: { days: 60 } }, { query: { days: 61 }, problem: 'invalid-request' }],
  getNotificationPlan: [{ params: { user: 'ann' } }, { params: { user: 'nobody' } }],
  markRead: [
    { params: { user: 'ann' }, body: {} },
    { params: { user: 'ann' }, body: { ids: ['x'] } },
  ],
  askToUnsubscribe: [async (server) => link(server, 'unsubscribe'), forged],
  unsubscribe: [async (server) => link(server, 'unsubscribe'), forged],
  followNotification: [async (server) => link(server, 'click'), forged],
  openNotification: [async (server) => link(server, 'open'), forged],
};

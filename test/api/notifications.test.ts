import { truncateSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { signLink } from '../../api/notifications/links.ts';
import {
  NotificationStore,
  type Proposal,
  readChannels,
  readLinkSecret,
  readPerson,
} from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { importSaves } from '../data-folders.ts';
import { digest } from './digest.ts';
import { type Answer, serveForSuite } from './server.ts';

const server = serveForSuite((folder) => importSaves(folder, ['ann pasta basil', 'ann pasta tomato']), {
  isBuilt: false,
});

const put = (user: string, channels: readonly unknown[]): Promise<Answer> =>
  server.get(`/v1/users/${user}/channels`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ channels }),
  });
const berlin = { consent: true, timeZone: 'Europe/Berlin' };
const push = {
  kind: 'push',
  subscription: {
    endpoint: 'https://push.example.com/1',
    expirationTime: null,
    keys: { p256dh: 'B'.repeat(87), auth: 'a_-'.repeat(7) + 'a' },
  },
};

function inStore<Result>(work: (store: NotificationStore) => Result): Result {
  const store = new NotificationStore(server.folder, 1_000);
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** Sends what is due, without a sender. */
function send(proposals: readonly Proposal[]): void {
  inStore((store) => {
    store.propose(proposals, Date.now());
    for (const { id, transactionId } of store.claim(Date.now(), 1_000, 100))
      store.settle(id, transactionId, { kind: 'sent' }, Date.now());
  });
}

test('channels come back as they were put, by kind, and a second PUT replaces them', async () => {
  const email = {
    kind: 'email',
    address: 'ann@example.com',
    ...berlin,
    consentAt: '2026-05-17T09:30:00Z',
    quietHours: { start: '22:00', end: '07:05' },
    caps: { perDay: 1, minGapMinutes: 90 },
    language: 'de',
  };
  const { body, status } = await put('ann', [{ ...push, ...berlin }, email, { kind: 'webhook', ...berlin }]);
  expect(status).toBe(200);
  const consentAt = expect.any(String) as string;
  expect(body.channels).toEqual([
    { ...email, consentAt: '2026-05-17T09:30:00.000Z' },
    { ...push, ...berlin, consentAt, language: 'en' },
    { kind: 'webhook', address: 'ann', ...berlin, consentAt, language: 'en' },
  ]);
  expect((await server.get('/v1/users/ann/channels')).body).toEqual(body);
  server.skippedMs += 5_000;
  // The time of a consent is that of its last change.
  const again = await put('ann', [{ kind: 'webhook', ...berlin }]);
  expect(again.body.channels).toEqual([body.channels[2]]);
  const no = await put('ann', [{ kind: 'webhook', ...berlin, consent: false }]);
  expect(Date.parse(no.body.channels[0].consentAt)).toBeGreaterThan(Date.parse(body.channels[2].consentAt));
});

test.each<[string, Record<string, unknown>, string]>([
  ['an unknown kind', { kind: 'pigeon', ...berlin }, '/channels/0/kind'],
  ['e-mail without an address', { kind: 'email', ...berlin }, '/channels/0/address'],
  [
    'an address with a line break',
    { kind: 'email', address: 'a@x.org\r\nBcc: b@x.org', ...berlin },
    '/channels/0/address',
  ],
  ['an inbox with an address', { kind: 'inbox', address: 'x', ...berlin }, '/channels/0/address'],
  ['push without a subscription', { kind: 'push', ...berlin }, '/channels/0/subscription'],
  [
    'a subscription that is no URL',
    { ...push, ...berlin, subscription: { ...push.subscription, endpoint: 'file:///etc/passwd' } },
    '/channels/0/subscription/endpoint',
  ],
  ['no consent field', { kind: 'inbox', timeZone: 'UTC' }, '/channels/0/consent'],
  [
    'an unknown time zone',
    { kind: 'inbox', consent: true, timeZone: 'Mars/Olympus' },
    '/channels/0/timeZone',
  ],
  [
    'quiet hours that are no times',
    { kind: 'inbox', ...berlin, quietHours: { start: '24:00', end: '07:00' } },
    '/channels/0/quietHours/start',
  ],
  [
    'quiet hours without length',
    { kind: 'inbox', ...berlin, quietHours: { start: '07:00', end: '07:00' } },
    '/channels/0/quietHours/end',
  ],
  ['a negative cap', { kind: 'inbox', ...berlin, caps: { perDay: -1 } }, '/channels/0/caps/perDay'],
  ['an unknown field', { kind: 'inbox', ...berlin, phone: 1 }, '/channels/0/phone'],
])('refuses %s, and points at it', async (_name, channel, pointer) => {
  // prettier-ignore
  const { status, body } = await put('bad', [channel]);
  expect([status, body.code]).toEqual([400, 'invalid-request']);
  expect(body.errors.map((each: { pointer: string }) => each.pointer)).toContain(pointer);
  expect((await server.get('/v1/users/bad/channels')).body).toEqual({ channels: [] });
});

test('the inbox pages from the newest, counts unread notifications, and keeps marks', async () => {
  await put('ben', [{ kind: 'inbox', ...berlin }]);
  for (const window of ['w1', 'w2', 'w3']) send([digest('ben', window)]);
  const list = async (query: string): Promise<Answer> => server.get(`/v1/users/ben/notifications${query}`);
  const first = (await list('?limit=2')).body;
  expect(first.notifications).toMatchObject([
    { title: 'New w3', pins: ['basil'], link: null, readAt: null },
    { title: 'New w2' },
  ]);
  expect(first.unread).toBe(3);
  const second = (await list(`?limit=2&cursor=${first.nextCursor}`)).body;
  expect([second.notifications.map(({ title }: { title: string }) => title), second.nextCursor]).toEqual([['New w1'], null]); // prettier-ignore
  expect((await server.get(`/v1/users/ann/notifications?cursor=${first.nextCursor}`)).body).toMatchObject({
    code: 'invalid-request',
    errors: [{ pointer: '/cursor' }],
  });
  const [{ id }] = first.notifications;
  const read = async (body: unknown) => (await server.post('/v1/users/ben/notifications/read', body)).body;
  // That of another person stays unread.
  expect((await server.post('/v1/users/ann/notifications/read', { ids: [id] })).body).toEqual({ read: 0 });
  expect([await read({ ids: [id, id, 'x'] }), await read({ ids: [id] })]).toEqual([{ read: 1 }, { read: 0 }]);
  expect((await list('?limit=1')).body).toMatchObject({ unread: 2, notifications: [{ readAt: /Z$/ }].map(() => ({ readAt: expect.stringMatching(/Z$/) as string })) }); // prettier-ignore
  expect(await read({})).toEqual({ read: 2 });
});

test('a person with nothing but channels is exported and erased', async () => {
  await put('cem', [{ kind: 'inbox', ...berlin }]);
  send([digest('cem', 'w1')]);
  const { body } = await server.get('/v1/users/cem/export');
  expect(body).toMatchObject({
    boards: [],
    channels: [{ kind: 'inbox', ...berlin }],
    notifications: [{ channel: 'inbox', campaign: 'digest', window: 'w1', title: 'New w1', state: 'sent' }],
  });
  expect(JSON.stringify(body)).not.toMatch(/transaction|lease/);
  const { body: job } = await server.get('/v1/users/cem', { method: 'DELETE' });
  await expect
    .poll(async () => (await server.get(`/v1/jobs/${job.id}`)).body)
    .toMatchObject({ state: 'done', result: { notifications: { channels: 1, notifications: 1 } } });
  expect((await server.get('/v1/users/cem/export')).status).toBe(404);
});

/** The signed path of a link. */
function link(purpose: 'unsubscribe' | 'click' | 'open', id: string): string {
  const token = signLink(readLinkSecret(server.folder)!, purpose, id);
  return purpose === 'unsubscribe' ? `/v1/unsubscribe/${token}` : `/v1/notifications/${token}/${purpose}`;
}

test('a link unsubscribes by POST alone, at once, also from pending notifications; twice is harmless, and a forged one is refused', async () => {
  await put('eve', [
    { kind: 'inbox', ...berlin, language: 'de' },
    { kind: 'file', ...berlin },
  ]);
  const waiting = [digest('eve', 'w1'), { ...digest('eve', 'w2'), channel: 'file' as const }];
  inStore((store) => store.propose(waiting, Date.now()));
  const { channelId } = readChannels(server.folder, 'eve').find(({ kind }) => kind === 'inbox')!;
  const url = link('unsubscribe', channelId);
  const page = await server.get(url);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.body).toContain('<form method="post"><button type="submit">Abbestellen');
  const consents = async () =>
    (await server.get('/v1/users/eve/channels')).body.channels.map(
      ({ consent }: { consent: boolean }) => consent,
    );
  expect(await consents()).toEqual([true, true]);
  // As a mail program does it (RFC 8058).
  const oneClick = {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'List-Unsubscribe=One-Click',
  };
  const done = await server.get(url, oneClick);
  expect([done.status, await consents()]).toEqual([200, [true, false]]);
  expect(done.body).toContain('Abbestellt');
  expect(inStore((store) => store.claim(Date.now(), 1_000, 10).map(({ window }) => window))).toEqual(['w2']);
  expect((await server.get(url, oneClick)).status).toBe(200);
  const [head = '', signature = ''] = url.split('.');
  const other = signature.startsWith('A') ? 'B' : 'A';
  const forgeries = [
    `${head}.${other}${signature.slice(1)}`,
    `${head}x.${signature}`,
    head,
    link('click', channelId).replace(/^.*notifications\/(.*)\/click$/, '/v1/unsubscribe/$1'),
  ];
  for (const forged of forgeries) {
    const refused = await server.get(forged, oneClick);
    expect([refused.status, refused.body.code]).toEqual([404, 'unknown-link']);
  }
  // The channel is gone, and so is what it could send.
  await put('eve', []);
  expect((await server.get(url, oneClick)).status).toBe(200);
});

test('clicks and opens become interactions, once, and lead to no other link than the notification has', async () => {
  await put('fay', [{ kind: 'inbox', ...berlin }]);
  const given = digest('fay', 'w1');
  send([
    {
      ...given,
      copy: { ...given.copy, link: 'https://example.com/basil?a=1' },
      journal: { pipeline: 'feed', arm: 'b' },
    },
    digest('fay', 'w2'),
  ]);
  const [first, second] = readPerson(server.folder, 'fay')!.notifications.toSorted((a, b) =>
    a.window < b.window ? -1 : 1,
  );
  const manual = { redirect: 'manual' } as const;
  const head = await server.get(link('click', first!.id), { ...manual, method: 'HEAD' });
  const clicks = [
    await server.get(link('click', first!.id), manual),
    await server.get(link('click', first!.id), manual),
  ];
  for (const click of [head, ...clicks])
    expect([click.status, click.headers.get('location')]).toEqual([302, 'https://example.com/basil?a=1']);
  expect((await server.get(link('click', second!.id), manual)).status).toBe(404);
  const open = await server.get(link('open', first!.id));
  expect([open.status, open.headers.get('content-type'), open.headers.get('cache-control')]).toEqual([200, 'image/gif', 'no-store']); // prettier-ignore
  const { interactions } = (await server.get('/v1/users/fay/export')).body;
  const common = { user: 'fay', pin: 'basil', recommendationId: first!.id, surface: 'notification-inbox', pipeline: 'feed', arm: 'b' }; // prettier-ignore
  expect(interactions).toHaveLength(2);
  expect(interactions).toEqual(
    expect.arrayContaining(
      ['click', 'open'].map((kind) => expect.objectContaining({ ...common, kind }) as unknown),
    ),
  );
  // Further pins of an e-mail have links of their own, which lead where their pins do.
  const database = openDatabase(server.folder);
  database.prepare('UPDATE pins SET url = ? WHERE key = ?').run('https://example.com/tomato', 'tomato');
  database.close();
  send([{ ...digest('fay', 'w3'), pins: ['basil', 'gone', 'tomato'] }]);
  const { id } = readPerson(server.folder, 'fay')!.notifications.find(({ window }) => window === 'w3')!;
  const clicked = await server.get(link('click', `${id}.3`), manual);
  expect([clicked.status, clicked.headers.get('location')]).toEqual([302, 'https://example.com/tomato']);
  for (const none of [`${id}.2`, `${id}.4`, `${id}.0`])
    expect((await server.get(link('click', none), manual)).status).toBe(404);
  const { interactions: after } = (await server.get('/v1/users/fay/export')).body;
  expect(after).toHaveLength(3);
  expect(after).toContainEqual(
    expect.objectContaining({ kind: 'click', pin: 'tomato', recommendationId: id }),
  );
  inStore((store) => store.erase('fay'));
  expect((await server.get(link('click', first!.id), manual)).status).toBe(404);
});

test('a damaged file is a problem that names the remedy', async () => {
  await put('dan', [{ kind: 'inbox', ...berlin }]);
  truncateSync(path.join(server.folder.root, 'notifications.db'), 0);
  const unavailable = { status: 503, body: { code: 'storage-unavailable' } };
  expect(await server.get('/v1/users/dan/channels')).toMatchObject(unavailable);
  expect(await server.get('/v1/users/dan/notifications')).toMatchObject(unavailable);
  const refused = await put('dan', []);
  expect(refused).toMatchObject(unavailable);
});

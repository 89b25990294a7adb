import { createECDH, createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import webPush from 'web-push';
import { expect, onTestFinished, test } from 'vitest';
import { createSenders, deliverDue, storeOutbox } from '../../api/notifications/index.ts';
import { signLink } from '../../api/notifications/links.ts';
import type { ChannelKind } from '../../engine/index.ts';
import {
  type DataFolder,
  type Interaction,
  NotificationStore,
  type Proposal,
  readChannels,
  readLinkSecret,
  readPerson,
} from '../../graph-data/index.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { importSaves, temporaryDataFolder } from '../data-folders.ts';

const now = Date.UTC(2026, 10, 20, 11);
const publicUrl = 'https://pins.example.com/';
const webhookSecret = 'a secret of the webhook';

interface Delivery {
  readonly folder: DataFolder;
  readonly store: NotificationStore;
  readonly shown: Interaction[];
  readonly propose: (window: string, copy?: Partial<Proposal['copy']>) => void;
  readonly deliver: (at?: number, sendMsMax?: number) => Promise<Record<string, number>>;
  readonly states: () => string[];
}

type Settings = Partial<Parameters<typeof createSenders>[1]>;

/** A person with one channel, and senders with these settings. */
async function delivery(
  channel: ChannelKind,
  address: string,
  settings: Settings,
  secrets: Parameters<typeof createSenders>[2] = {},
  language = 'en',
): Promise<Delivery> {
  const folder = temporaryDataFolder();
  await importSaves(folder, ['ann pasta basil', 'ann pasta tomato', 'ann pasta olive']);
  const store = new NotificationStore(folder, 1_000);
  onTestFinished(() => store.close());
  const settled = { consent: true, timeZone: 'UTC', caps: {}, language };
  store.putChannels('ann', [{ kind: channel, address, ...settled }], now);
  const { senders, faults } = createSenders(
    folder,
    { pushHosts: 'x.example', publicUrl, ...settings },
    secrets,
  );
  expect(faults).toEqual([]);
  const shown: Interaction[] = [];
  return {
    folder,
    store,
    shown,
    propose: (window, more = {}) => {
      const copy = { title: 'New for you', text: 'Because you saved tomato', language: 'en', ...more };
      const common = { user: 'ann', channel, campaign: 'digest', pins: ['basil', 'tomato'] };
      const journal = { pipeline: 'feed', propensity: 0.5 };
      expect(store.propose([{ ...common, window, copy, journal, expires: now + 1e7 }], now)).toEqual([
        'added',
      ]);
    },
    deliver: async (at = now, sendMsMax = 5_000) =>
      deliverDue({
        outbox: storeOutbox(store),
        senders,
        publicUrl,
        linkSecret: () => readLinkSecret(folder),
        record: async (rows) => void shown.push(...rows),
        now: () => at,
        sendMsMax,
      }),
    states: () =>
      readPerson(folder, 'ann')!.notifications.map(({ state, failure }) => [state, failure].join(' ').trim()),
  };
}

interface Received {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

/** A receiver that answers as it is told; `hang` never does, `late` after the sender has given up. */
async function receiver(): Promise<{
  url: string;
  received: Received[];
  answers: (number | 'hang' | 'late' | 'cut')[];
}> {
  const received: Received[] = [];
  const answers: (number | 'hang' | 'late' | 'cut')[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    received.push({ request, body: Buffer.concat(chunks) });
    const next = answers.shift() ?? 200;
    if (next === 'cut') request.socket.destroy();
    else if (next === 'late') setTimeout(() => response.end(), 400);
    else if (typeof next === 'number')
      response.writeHead(next, { 'retry-after': '600', location: '/elsewhere' }).end('x'.repeat(100));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, answers };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

const hostile = {
  title: 'Hi\r\nBcc: all@example.com <b>"bold"</b> \u202Etxt.exe\u0000 👩‍👩‍👧 שלום',
  text: '<script>alert("x")</script>\u0007\n\nSecond & last',
  link: 'https://example.com/?a=1&b="><script>',
  image: 'https://example.com/x.png',
};

test('a webhook gets signed JSON with one idempotency key in all attempts, and no transaction id', async () => {
  const { url, received, answers } = await receiver();
  const own = await delivery('webhook', 'device 7', { webhookUrl: `${url}/hook` }, { webhookSecret });
  own.propose('w1', hostile);
  answers.push(503);
  expect(await own.deliver()).toMatchObject({ sent: 0, retry: 1 });
  expect(own.states()).toEqual(['pending HTTP 503']);
  // The receiver asked for ten minutes.
  expect(await own.deliver(now + 599_000)).toMatchObject({ sent: 0, retry: 0 });
  expect(await own.deliver(now + 600_000)).toMatchObject({ sent: 1 });
  expect(await own.deliver(now + 601_000)).toMatchObject({ sent: 0 });
  expect(received).toHaveLength(2);
  const bodies = received.map(({ body }) => JSON.parse(body.toString()) as Record<string, unknown>);
  const secret = readLinkSecret(own.folder)!;
  const [{ channelId } = { channelId: '' }] = readChannels(own.folder, 'ann');
  const { id } = bodies[0]!;
  expect(bodies[1]).toEqual({
    id,
    idempotencyKey: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    to: 'device 7',
    campaign: 'digest',
    window: 'w1',
    pins: ['basil', 'tomato'],
    title: 'Hi Bcc: all@example.com <b>"bold"</b> txt.exe 👩‍👩‍👧 שלום',
    text: '<script>alert("x")</script>\n\nSecond & last',
    link: `https://pins.example.com/v1/notifications/${signLink(secret, 'click', String(id))}/click`,
    image: hostile.image,
    language: 'en',
    unsubscribeUrl: `https://pins.example.com/v1/unsubscribe/${signLink(secret, 'unsubscribe', channelId)}`,
  });
  expect(bodies[0]).toEqual(bodies[1]);
  const times = received.map(({ request: { headers }, body }) => {
    const timestamp = String(headers['pinwalk-timestamp']);
    const signature = createHmac('sha256', webhookSecret).update(`${timestamp}.`).update(body).digest('hex');
    expect(headers['pinwalk-signature']).toBe(`v1=${signature}`);
    expect(headers['idempotency-key']).toBe(bodies[0]!['idempotencyKey']);
    return Number(timestamp);
  });
  expect(times).toEqual([now / 1_000, now / 1_000 + 600]);
  expect(own.shown).toMatchObject([
    { kind: 'impression', pin: 'basil', rank: 1, surface: 'notification-webhook', recommendationId: id, pipeline: 'feed', propensity: 0.5 }, // prettier-ignore
    { pin: 'tomato', rank: 2 },
  ]);
  expect(JSON.stringify([own.states(), own.shown])).not.toContain(webhookSecret);
});

test.each<[string, number | 'hang' | 'late' | 'cut', string]>([
  ['hangs', 'hang', 'dead no response in time'],
  ['answers late', 'late', 'dead no response in time'],
  ['hangs up without an answer', 'cut', 'dead ECONNRESET'],
  ['sits behind a proxy that gave up', 504, 'dead HTTP 504'],
  ['refuses for good', 422, 'dead HTTP 422'],
  ['leads elsewhere', 302, 'dead HTTP 302'],
  ['is overloaded', 429, 'pending HTTP 429'],
])(
  'a webhook that %s is not sent the same notification again unless it refused it for now',
  async (_name, answer, state) => {
    // prettier-ignore
    const { url, received, answers } = await receiver();
    const own = await delivery('webhook', 'ann', { webhookUrl: url }, { webhookSecret });
    own.propose('w1');
    answers.push(answer);
    await own.deliver(now, 200);
    expect(own.states()).toEqual([state]);
    expect(received.map(({ request }) => request.url)).toEqual(['/']);
    await own.deliver(now + 3_600_000);
    expect(received).toHaveLength(state.startsWith('pending') ? 2 : 1);
  },
);

test('a webhook that nobody listens at is tried again', async () => {
  const own = await delivery('webhook', 'ann', { webhookUrl: `http://127.0.0.1:${await freePort()}/` }, { webhookSecret }); // prettier-ignore
  own.propose('w1');
  expect(await own.deliver()).toMatchObject({ retry: 1 });
  expect(own.states()).toEqual(['pending ECONNREFUSED']);
});

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
}

async function mailServer(options: SMTPServerOptions = {}): Promise<{ url: string; mails: Mail[] }> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    logger: false,
    onData: (stream, { envelope }, done) => {
      const { mailFrom, rcptTo } = envelope;
      const keep = async (): Promise<void> => {
        const raw = await text(stream);
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw,
        });
        done();
      };
      void keep();
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => new Promise((resolve) => server.close(() => resolve())));
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails };
}

const mailFrom = 'Pins <news@example.com>';
const smtpError = (responseCode: number): Error => Object.assign(new Error('no'), { responseCode });

test('an e-mail has text and HTML, headers for one-click unsubscribing, and nothing of a hostile title or text acts', async () => {
  const { url, mails } = await mailServer();
  const own = await delivery('email', 'ann@example.com', { smtpUrl: url, mailFrom }, {}, 'de-AT');
  own.propose('w1', hostile);
  expect(await own.deliver()).toMatchObject({ sent: 1 });
  expect(mails).toMatchObject([{ from: 'news@example.com', to: ['ann@example.com'] }]);
  const [{ raw } = { raw: '' }] = mails;
  const [head = ''] = raw.split('\r\n\r\n');
  const header = (name: string): string[] =>
    [...head.replaceAll(/\r\n[ \t]+/g, ' ').matchAll(new RegExp(`^${name}: (.*)$`, 'gim'))].map(
      ([, value]) => value!,
    );
  expect(header('Bcc')).toEqual([]);
  const [{ channelId } = { channelId: '' }] = readChannels(own.folder, 'ann');
  const unsubscribe = `https://pins.example.com/v1/unsubscribe/${signLink(readLinkSecret(own.folder)!, 'unsubscribe', channelId)}`;
  expect(header('List-Unsubscribe').map((value) => value.replaceAll(' ', ''))).toEqual([`<${unsubscribe}>`]);
  expect(header('List-Unsubscribe-Post')).toEqual(['List-Unsubscribe=One-Click']);
  const subject = header('Subject')[0]!.replaceAll(
    /=\?UTF-8\?([BQ])\?([^?]*)\?=\s*/gi,
    (_, encoding: string, value: string) =>
      // prettier-ignore
      encoding.toUpperCase() === 'B'
      ? Buffer.from(value, 'base64').toString()
      : decodeURIComponent(value.replaceAll('_', '%20').replaceAll('=', '%')),
  );
  expect(subject).toBe('Hi Bcc: all@example.com <b>"bold"</b> txt.exe 👩‍👩‍👧 שלום');
  const [plain, html] = partsOf(raw);
  expect(plain).toContain('<script>alert("x")</script>\n\nSecond & last');
  expect(plain).toContain(`Abbestellen: ${unsubscribe}`);
  expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
  expect(html).not.toMatch(/<script|<b>|\u202E/);
  expect(html).toContain(`href="${unsubscribe}"`);
  expect(html).toMatch(/<img src="https:\/\/pins\.example\.com\/v1\/notifications\/[\w.-]+\/open"/);
});

test('each pin that an e-mail records is named and linked in its text and its HTML; one without an address is neither', async () => {
  const { url, mails } = await mailServer();
  const own = await delivery('email', 'ann@example.com', { smtpUrl: url, mailFrom });
  const database = openDatabase(own.folder);
  const describe = database.prepare('UPDATE pins SET title = ?, url = ? WHERE key = ?');
  describe.run('Ripe <b>tomatoes</b>', 'https://pins.example/tomato', 'tomato');
  describe.run('Olives', 'javascript:alert(1)', 'olive');
  database.close();
  const copy = {
    title: 'Basil',
    text: 'Goes with pasta',
    language: 'en',
    link: 'https://pins.example/basil',
  };
  const pins = ['basil', 'olive', 'gone', 'tomato'];
  const rest = {
    user: 'ann',
    channel: 'email',
    campaign: 'digest',
    window: 'w',
    expires: now + 1e7,
  } as const;
  own.store.propose([{ ...rest, pins, copy }], now);
  expect(await own.deliver()).toMatchObject({ sent: 1 });
  const [{ id } = { id: '' }] = readPerson(own.folder, 'ann')!.notifications;
  const link = (signed: string): string =>
    `https://pins.example.com/v1/notifications/${signLink(readLinkSecret(own.folder)!, 'click', signed)}/click`;
  expect(own.shown.map(({ pin, rank }) => [pin, rank])).toEqual([['basil', 1], ['tomato', 2]]); // prettier-ignore
  const [plain, html] = partsOf(mails[0]!.raw);
  expect(plain).toContain(`${link(id)}\n\nMore for you:\n• Ripe <b>tomatoes</b>\n  ${link(`${id}.4`)}\n`);
  expect(html).toContain(`<a href="${link(id)}">Open</a>`);
  expect(html).toContain(`<a href="${link(`${id}.4`)}">Ripe &lt;b&gt;tomatoes&lt;/b&gt;</a>`);
  expect(plain + html).not.toContain('Olives');
});

/** The text and the HTML of an e-mail. */
function partsOf(raw: string): [text: string, html: string] {
  const [plain = '', html = ''] = raw
    .split(/^----_NmP.*$/m)
    .filter((part) => part.includes('Content-Transfer-Encoding'))
    .map((part) => decoded(part));
  return [plain, html];
}

/** The content of a part of an e-mail. */
function decoded(part: string): string {
  const at = part.indexOf('\r\n\r\n');
  const [head, body] = [part.slice(0, at), part.slice(at + 4)];
  if (/base64/i.test(head)) return Buffer.from(body, 'base64').toString();
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return (/quoted-printable/i.test(head) ? Buffer.from(bytes, 'latin1').toString() : body).replaceAll(
    '\r\n',
    '\n',
  );
}

test.each<[string, SMTPServerOptions, string]>([
  ['has no such mailbox', { onRcptTo: (_to, _session, done) => done(smtpError(550)) }, 'dead SMTP 550'],
  ['is busy', { onRcptTo: (_to, _session, done) => done(smtpError(451)) }, 'pending SMTP 451'],
  [
    'refuses the content',
    { onData: (stream, _session, done) => stream.on('end', () => done(smtpError(554))).resume() },
    'dead SMTP 554',
  ],
  ['hangs after the content', { onData: (stream) => void stream.resume() }, 'dead no response in time'],
  ['hangs before the content', { onRcptTo: () => {} }, 'pending no response in time'],
  [
    'wants a password',
    { authOptional: false, onAuth: (_auth, _session, done) => done(smtpError(535)) },
    'pending SMTP 530',
  ],
])('an e-mail to a server that %s is settled as it must be', async (_name, options, state) => {
  // prettier-ignore
  const { url } = await mailServer(options);
  const own = await delivery('email', 'ann@example.com', { smtpUrl: url, mailFrom });
  own.propose('w1');
  await own.deliver(now, 300);
  expect(own.states()).toEqual([state]);
  expect(readChannels(own.folder, 'ann')[0]!.unreachableAt).toBe(state.includes('550') ? now : undefined);
});

test('the password of SMTP comes from the secrets', async () => {
  const passwords: (string | undefined)[] = [];
  const { url, mails } = await mailServer({
    authOptional: false,
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) => {
      passwords.push(`${username}:${password}`);
      done(null, { user: username });
    },
  });
  const smtpUrl = url.replace('smtp://', 'smtp://ops%40x@');
  const own = await delivery('email', 'ann@example.com', { smtpUrl, mailFrom }, { smtpPassword: 'p:ss' });
  own.propose('w1');
  expect(await own.deliver()).toMatchObject({ sent: 1 });
  expect([passwords, mails.length]).toEqual([['ops@x:p:ss'], 1]);
});

/** A browser's side of Web Push. */
function browser(url: string) {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  const auth = randomBytes(16);
  const given = { p256dh: keys.getPublicKey('base64url'), auth: auth.toString('base64url') };
  const { decrypt } = createRequire(import.meta.resolve('web-push'))('http_ece') as {
    decrypt: (body: Buffer, options: object) => Buffer;
  };
  return {
    subscription: JSON.stringify({ endpoint: `${url}/push/1`, keys: given }),
    open: (body: Buffer): unknown =>
      JSON.parse(
        decrypt(body, { version: 'aes128gcm', privateKey: keys, authSecret: given.auth }).toString(),
      ),
  };
}

test('a push is encrypted for the browser, signed by VAPID, and short enough; a subscription that is gone is not used again', async () => {
  const { url, received, answers } = await receiver();
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  const settings = {
    vapidSubject: 'mailto:ops@example.com',
    vapidPublicKey: publicKey,
    pushHosts: `*.example,${url}`,
  };
  const { subscription, open } = browser(url);
  const own = await delivery('push', subscription, settings, { vapidPrivateKey: privateKey });
  own.propose('w1', { text: '👩‍👩‍👧'.repeat(400) });
  answers.push(201);
  expect(await own.deliver()).toMatchObject({ sent: 1 });
  const { request, body } = received[0]!;
  expect(body.length).toBeLessThan(4_096);
  const payload = open(body) as { title: string; text: string };
  expect(payload.title).toBe('New for you');
  expect(payload.text).toMatch(/^(👩‍👩‍👧)+…$/u);
  expect(request.headers).toMatchObject({ ttl: '10000', 'content-encoding': 'aes128gcm' });
  const [, token = '', key = ''] = /^vapid t=([^,]+), k=(.+)$/.exec(request.headers.authorization!)!;
  expect(key).toBe(publicKey);
  const [head, claims, signature] = token.split('.');
  const raw = Buffer.from(publicKey, 'base64url');
  const jwk = { kty: 'EC', crv: 'P-256', x: raw.subarray(1, 33).toString('base64url'), y: raw.subarray(33).toString('base64url') }; // prettier-ignore
  const signed = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  expect(
    verify('sha256', Buffer.from(`${head}.${claims}`), signed, Buffer.from(signature!, 'base64url')),
  ).toBe(true);
  expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toMatchObject({
    aud: url,
    sub: settings.vapidSubject,
  });

  own.propose('w2');
  answers.push(410);
  expect(await own.deliver()).toMatchObject({ failed: 1 });
  expect(readChannels(own.folder, 'ann')[0]!.unreachableAt).toBe(now);
});

test.each(['http://169.254.169.254/latest', 'https://push.evil.example.com/x', 'https://localhost/x'])(
  'a subscription at %s, which no push service has, is never connected to',
  async (endpoint) => {
    const { publicKey, privateKey } = webPush.generateVAPIDKeys();
    const settings = {
      vapidSubject: 'mailto:ops@example.com',
      vapidPublicKey: publicKey,
      pushHosts: '*.push.example',
    };
    const { subscription } = browser('https://x');
    const address = subscription.replace('https://x/push/1', endpoint);
    const own = await delivery('push', address, settings, { vapidPrivateKey: privateKey });
    own.propose('w1');
    await own.deliver();
    expect(own.states()).toEqual(['dead its push service is not in pushHosts']);
  },
);

test('the file of the channel for trying out has a line each, without those of an erased person', async () => {
  const own = await delivery('file', '', {});
  const common = { consent: true, timeZone: 'UTC', caps: {}, language: 'en' };
  own.store.putChannels('ben', [{ kind: 'file', address: '', ...common }], now);
  const copy = { title: 'For Ben', text: '', language: 'en' };
  own.store.propose([{ user: 'ben', channel: 'file', campaign: 'digest', window: 'w', pins: [], copy, expires: now + 1e6 }], now); // prettier-ignore
  own.propose('w1');
  expect(await own.deliver()).toMatchObject({ sent: 2 });
  const file = path.join(own.folder.root, 'notifications.jsonl');
  const users = (): unknown[] =>
    readFileSync(file, 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { user: unknown }).user); // prettier-ignore
  expect(new Set(users())).toEqual(new Set(['ann', 'ben']));
  own.store.erase('ann');
  expect(users()).toEqual(['ben']);
});

test('what is held is scored again when its time comes, and channels without a sender wait', async () => {
  const own = await delivery('inbox', '', {});
  const hold = {
    user: 'ann',
    channel: 'inbox',
    campaign: 'c',
    pins: [],
    expires: now + 1e7,
    isHeld: true,
  } as const;
  const copy = { title: 'Old', text: '', language: 'en' };
  for (const window of ['a', 'b']) own.store.propose([{ ...hold, window, copy }], now);
  const outbox = storeOutbox(own.store);
  const common = { outbox, linkSecret: () => undefined, record: async () => {}, now: () => now };
  const rescored = await deliverDue({
    ...common,
    senders: {},
    rescore: async ({ window }) =>
      window === 'a' ? { suppressedBy: 'score' } : { copy: { ...copy, title: 'New' } },
  });
  expect(rescored).toMatchObject({ released: 2, sent: 0 });
  expect(await own.deliver()).toMatchObject({ sent: 1 });
  const stored = readPerson(own.folder, 'ann')!.notifications;
  expect(stored.map(({ state, copy: { title } }) => `${state} ${title}`).toSorted()).toEqual([
    'cancelled Old',
    'sent New',
  ]);
});

test('what is configured by half is named with its remedy, and without its secrets', () => {
  const folder = temporaryDataFolder();
  const settings = { pushHosts: 'x', smtpUrl: 'smtp://x', webhookUrl: 'http://x', vapidSubject: 'mailto:x' };
  const { senders, faults } = createSenders(folder, settings, { vapidPrivateKey: 'very secret' });
  expect(Object.keys(senders).toSorted()).toEqual(['file', 'inbox']);
  expect(faults).toEqual([
    'the channel email is not sent: set mailFrom and publicUrl as well',
    'the channel webhook is not sent: set PINWALK_WEBHOOK_SECRET as well',
    'the channel push is not sent: set vapidPublicKey as well',
  ]);
});

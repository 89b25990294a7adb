import { createHmac } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { signLink } from '../../api/notifications/links.ts';
import { readChannels, readLinkSecret } from '../../graph-data/index.ts';
import { type Response, delivery, hostile, now, receiver, webhookSecret } from './deliveries.ts';

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

test.each<[string, Response, string]>([
  ['does not respond', 'hang', 'dead no response in time'],
  ['responds too late', 'late', 'dead no response in time'],
  ['closes the connection without a response', 'cut', 'dead ECONNRESET'],
  ['is behind a proxy that gave up', 504, 'dead HTTP 504'],
  ['refuses for good', 422, 'dead HTTP 422'],
  ['redirects', 302, 'dead HTTP 302'],
  ['is overloaded', 429, 'pending HTTP 429'],
])(
  'a webhook that %s gets the same notification again only if it was overloaded',
  async (_name, answer, state) => {
    const patience = new AbortController();
    const { url, received, answers } = await receiver(patience);
    const own = await delivery('webhook', 'ann', { webhookUrl: url }, { webhookSecret });
    own.propose('w1');
    answers.push(answer);
    await own.deliver(now, patience);
    expect(own.states()).toEqual([state]);
    expect(received.map(({ request }) => request.url)).toEqual(['/']);
    await own.deliver(now + 3_600_000);
    expect(received).toHaveLength(state.startsWith('pending') ? 2 : 1);
  },
);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

test('a webhook without a listener is tried again', async () => {
  const own = await delivery('webhook', 'ann', { webhookUrl: `http://127.0.0.1:${await freePort()}/` }, { webhookSecret }); // prettier-ignore
  own.propose('w1');
  expect(await own.deliver()).toMatchObject({ retry: 1 });
  expect(own.states()).toEqual(['pending ECONNREFUSED']);
});

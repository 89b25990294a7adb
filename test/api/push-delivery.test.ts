import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import webPush from 'web-push';
import { expect, test } from 'vitest';
import { readChannels } from '../../graph-data/index.ts';
import { delivery, now, receiver } from './deliveries.ts';

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

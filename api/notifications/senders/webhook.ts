import { createHmac } from 'node:crypto';
import { oneLine, plainText } from '../escape.ts';
import { post } from './post.ts';
import type { Sender } from './sender.ts';

/**
 * Posts JSON to the application. `Pinwalk-Signature` is `v1=` and the HMAC-SHA256, in hexadecimal, of the seconds in
 * `Pinwalk-Timestamp`, a dot and the body: a receiver that refuses old timestamps cannot be fooled by a replay.
 */
export function webhookSender(url: string, secret: string): Sender {
  return async (message, now, signal) => {
    const { id, idempotencyKey, to, campaign, window, pins, promoted } = message;
    const { title, text, link, image, language } = message;
    const content = { title: oneLine(title), text: plainText(text), link, image, language };
    const given = { id, idempotencyKey, to, campaign, window, pins, promoted, ...content };
    const body = Buffer.from(JSON.stringify({ ...given, unsubscribeUrl: message.unsubscribeUrl }));
    const timestamp = String(Math.floor(now / 1_000));
    const headers = {
      'Content-Type': 'application/json',
      'Idempotency-Key': idempotencyKey,
      'Pinwalk-Timestamp': timestamp,
      'Pinwalk-Signature': `v1=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`,
    };
    const outcome = await post(url, headers, body, signal);
    // All people share the application's one address: it is never gone for a single person.
    return outcome.kind === 'failed' ? { ...outcome, isGone: false } : outcome;
  };
}

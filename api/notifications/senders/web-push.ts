import type { PushSubscription } from 'web-push';
import { oneLine, plainText } from '../escape.ts';
import type { Message } from '../message.ts';
import { load } from './load.ts';
import { post } from './post.ts';
import type { Sender } from './sender.ts';

interface Vapid {
  /** `mailto:` or an https address of the operator. */
  readonly subject: string;
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Push services take 4,096 bytes with the encryption (RFC 8291). */
const payloadBytesMax = 3_000;

/**
 * Web Push, encrypted for the browser and signed by VAPID (RFC 8030, 8291, 8292). `hosts`: allowed hosts of
 * endpoints, since browsers choose these: names, `*.` and a name for all below it, or an origin such as
 * `http://127.0.0.1:9000`. `web-push` is loaded with the first message.
 */
export function webPushSender(vapidDetails: Vapid, hosts: readonly string[]): Sender {
  return async (message, now, signal) => {
    const { default: webPush } = await load('web-push', async () => import('web-push'));
    const subscription = JSON.parse(message.to) as PushSubscription;
    if (!isAllowed(subscription.endpoint, hosts))
      return { kind: 'failed', failure: 'its push service is not in pushHosts', isGone: true };
    const { headers, body } = webPush.generateRequestDetails(subscription, payloadOf(message), {
      vapidDetails,
      TTL: Math.max(0, Math.floor((message.expires - now) / 1_000)),
      // A push service replaces a message of the same topic that the browser has not fetched.
      topic: message.id,
    });
    return post(subscription.endpoint, headers, body, signal);
  };
}

function payloadOf({ id, title, text, link, image, language, unsubscribeUrl }: Message): string {
  const content = { id, title: oneLine(title), link, image, language, unsubscribeUrl };
  const segments = [...new Intl.Segmenter().segment(plainText(text))].map(({ segment }) => segment);
  for (let length = segments.length; ; length = Math.floor(length * 0.8)) {
    const shown = segments.slice(0, length).join('');
    const payload = JSON.stringify({ ...content, text: length < segments.length ? `${shown}…` : shown });
    if (length === 0 || Buffer.byteLength(payload) <= payloadBytesMax) return payload;
  }
}

function isAllowed(endpoint: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(endpoint)) return false;
  const { origin, protocol, hostname } = new URL(endpoint);
  return hosts.some((host) => {
    if (host.includes('://')) return origin === host;
    const isBelow = host.startsWith('*.') && hostname.endsWith(host.slice(1));
    return protocol === 'https:' && (hostname === host || isBelow);
  });
}

import { createHmac } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

/** A message as it arrived. */
export interface Arrived {
  readonly by: 'email' | 'webhook';
  /** The address of the person. */
  readonly to: string;
  /** Its pins, best first, by their titles, each with the signed link of its click. */
  readonly pins: readonly { readonly pin: string; readonly link: string | undefined }[];
  readonly openUrl: string | undefined;
  readonly unsubscribeUrl: string;
}

export interface Receivers extends AsyncDisposable {
  readonly smtpUrl: string;
  readonly webhookUrl: string;
  /** Arrivals since the last call. */
  readonly take: () => Arrived[];
}

/** A mail server and an application that takes webhooks and verifies their signatures, on loopback. */
export async function receivers(secret: string): Promise<Receivers> {
  let arrived: Arrived[] = [];
  const mail = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    logger: false,
    onData: (stream, { envelope }, done) => {
      const keep = async (): Promise<void> => {
        arrived.push(mailOf(await text(stream), envelope.rcptTo[0]!.address));
        done();
      };
      void keep();
    },
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const { 'pinwalk-timestamp': timestamp, 'pinwalk-signature': signature } = request.headers;
    const expected = createHmac('sha256', secret)
      .update(`${String(timestamp)}.`)
      .update(body)
      .digest('hex');
    const isOurs = signature === `v1=${expected}`;
    if (isOurs) arrived.push(webhookOf(body));
    response.writeHead(isOurs ? 200 : 403).end();
  };
  const application = createServer((request, response) => void answer(request, response));
  await Promise.all([
    new Promise<void>((resolve) => void mail.listen(0, '127.0.0.1', resolve)),
    new Promise<void>((resolve) => void application.listen(0, '127.0.0.1', resolve)),
  ]);
  return {
    smtpUrl: `smtp://127.0.0.1:${(mail.server.address() as AddressInfo).port}`,
    webhookUrl: `http://127.0.0.1:${(application.address() as AddressInfo).port}/`,
    take: () => {
      const taken = arrived;
      arrived = [];
      return taken;
    },
    [Symbol.asyncDispose]: async () => {
      application.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => mail.close(() => resolve())),
        new Promise<void>((resolve) => void application.close(() => resolve())),
      ]);
    },
  };
}

function webhookOf(body: string): Arrived {
  const { to, title, link, unsubscribeUrl } = JSON.parse(body) as { to: string; title: string; link?: string; unsubscribeUrl: string };
  return { by: 'webhook', to, pins: [{ pin: pinOf(title), link }], openUrl: undefined, unsubscribeUrl };
} // prettier-ignore

/** Titles of the sample are `Pin 12`. */
function pinOf(title: string): string {
  return `pin-${/Pin (\d+)/.exec(title)?.[1] ?? ''}`;
}

/** Links of an e-mail; its parts are quoted-printable. */
function mailOf(raw: string, to: string): Arrived {
  const plain = raw
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const linkTo = (purpose: string): string | undefined =>
    new RegExp(`http://[\\w.:]+/v1/${purpose}`).exec(plain)?.[0];
  const first = { pin: pinOf(/^Subject: (.*)$/im.exec(raw)?.[1] ?? ''), link: linkTo('notifications/[\\w.-]+/click') };
  // Further pins of the text: a title, and below it a link.
  const more = [...plain.matchAll(/(Pin \d+)\r?\n {2}(http\S+\/click)/g)];
  return {
    by: 'email',
    to,
    pins: [first, ...more.map(([, title, link]) => ({ pin: pinOf(title!), link }))],
    openUrl: linkTo('notifications/[\\w.-]+/open'),
    unsubscribeUrl: linkTo('unsubscribe/[\\w.-]+') ?? '',
  };
} // prettier-ignore

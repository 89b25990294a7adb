import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { signLink } from '../../api/notifications/links.ts';
import { openDatabase } from '../../graph-data/database/index.ts';
import { readChannels, readLinkSecret, readPerson } from '../../graph-data/index.ts';
import { delivery, giveUp, hostile, now } from './deliveries.ts';

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

test.each<[string, string, (patience: AbortController) => SMTPServerOptions]>([
  [
    'has no such mailbox',
    'dead SMTP 550',
    () => ({ onRcptTo: (_to, _session, done) => done(smtpError(550)) }),
  ],
  ['is busy', 'pending SMTP 451', () => ({ onRcptTo: (_to, _session, done) => done(smtpError(451)) })],
  [
    'refuses the content',
    'dead SMTP 554',
    () => ({ onData: (stream, _session, done) => stream.on('end', () => done(smtpError(554))).resume() }),
  ],
  [
    'does not respond to the content',
    'dead no response in time',
    (patience) => ({ onData: (stream) => stream.on('end', () => giveUp(patience)).resume() }),
  ],
  [
    'does not respond before the content',
    'pending no response in time',
    (patience) => ({ onRcptTo: () => giveUp(patience) }),
  ],
  [
    'requires a password',
    'pending SMTP 530',
    () => ({ authOptional: false, onAuth: (_auth, _session, done) => done(smtpError(535)) }),
  ],
])('an e-mail to a server that %s becomes “%s”', async (_name, state, optionsOf) => {
  const patience = new AbortController();
  const { url } = await mailServer(optionsOf(patience));
  const own = await delivery('email', 'ann@example.com', { smtpUrl: url, mailFrom });
  own.propose('w1');
  await own.deliver(now, patience);
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

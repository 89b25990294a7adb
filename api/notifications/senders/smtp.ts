import { Readable } from 'node:stream';
import { type DataFolder, type Outcome, messageOf } from '../../../graph-data/index.ts';
import { emailOf } from '../email.ts';
import { type Words, wordsOf } from '../words.ts';
import { load } from './load.ts';
import type { Sender } from './sender.ts';

interface SmtpOptions {
  /** `smtp://` (STARTTLS where the server has it) or `smtps://`, with a user name if the server wants one, without a password. */
  readonly url: string;
  readonly password?: string | undefined;
  /** Sender of e-mails, such as `Pins <news@example.com>`. */
  readonly from: string;
  /** Of its own languages. */
  readonly folder: Pick<DataFolder, 'root'>;
}

interface SmtpError extends Error {
  readonly code?: string;
  readonly responseCode?: number;
}

/** Sends e-mails by SMTP, each over a connection of its own. `nodemailer` is loaded with the first one. */
export function smtpSender({ url, password, from, folder }: SmtpOptions): Sender {
  const { protocol, hostname, port, username } = new URL(url);
  const isSecure = protocol === 'smtps:';
  return async (message, _now, signal) => {
    const [{ default: Connection }, { default: Composer }] = await load('nodemailer', async () =>
      Promise.all([import('nodemailer/lib/smtp-connection'), import('nodemailer/lib/mail-composer')]),
    );
    let words: Words;
    try {
      words = wordsOf(message.language, folder);
    } catch (error) {
      // Nothing was sent yet, and somebody may mend the file.
      return { kind: 'retry', failure: messageOf(error) };
    }
    const email = { from, to: message.to, ...emailOf(message, words), messageId: `<${message.id}@pinwalk>` };
    const composed = new Composer({ ...email, disableFileAccess: true, disableUrlAccess: true }).compile();
    const raw = await composed.build();
    const connection = new Connection({
      host: hostname,
      port: Number(port) || (isSecure ? 465 : 587),
      secure: isSecure,
    });
    // Once the server has begun to receive a message, it may deliver it, unless it says otherwise.
    let isBegun = false;
    const body = function* (): Generator<Buffer> {
      isBegun = true;
      yield raw;
    };
    return new Promise<Outcome>((resolve) => {
      const end = (outcome: Outcome): void => {
        resolve(outcome);
        connection.close();
      };
      const fail = (error: SmtpError): void => end(outcomeOf(error, isBegun));
      signal.addEventListener('abort', () => fail(new Error('no response in time')), { once: true });
      connection.on('error', fail);
      connection.once('end', () => fail(new Error('the connection was closed')));
      const send = (): void =>
        connection.send(composed.getEnvelope(), Readable.from(body(), { objectMode: false }), (error) => {
          if (error) fail(error as SmtpError);
          else end({ kind: 'sent' });
        });
      connection.connect((error) => {
        if (error) fail(error as SmtpError);
        else if (username === '') send();
        else {
          const credentials = { user: decodeURIComponent(username), pass: password ?? '' };
          connection.login({ credentials }, (refusal) => (refusal ? fail(refusal as SmtpError) : send()));
        }
      });
    });
  };
}

/** A reply of the server is definite: 4xx for now, 5xx for good. Its text may hold the address, so it is not kept. */
function outcomeOf({ code, responseCode, message }: SmtpError, isBegun: boolean): Outcome {
  if (responseCode !== undefined && responseCode >= 400) {
    const failure = `SMTP ${responseCode}`;
    // An operator can fix faults of our own account.
    const isOfUs = code === 'EAUTH' || [530, 534, 535, 538].includes(responseCode);
    if (isOfUs || responseCode < 500) return { kind: 'retry', failure };
    return {
      kind: 'failed',
      failure,
      isGone: code === 'EENVELOPE' && [550, 551, 553].includes(responseCode),
    };
  }
  const failure = code ?? message;
  return isBegun ? { kind: 'unknown', failure } : { kind: 'retry', failure };
}

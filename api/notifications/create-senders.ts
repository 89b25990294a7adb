import type { ChannelKind } from '../../engine/index.ts';
import type { DataFolder } from '../../graph-data/index.ts';
import type { Secrets } from './secrets.ts';
import { type Sender, fileSender, smtpSender, webPushSender, webhookSender } from './senders/index.ts';

/** The settings of senders, by their names in docs/configuration.md. */
interface SenderSettings {
  readonly publicUrl?: string | undefined;
  readonly smtpUrl?: string | undefined;
  readonly mailFrom?: string | undefined;
  readonly webhookUrl?: string | undefined;
  readonly vapidSubject?: string | undefined;
  readonly vapidPublicKey?: string | undefined;
  readonly pushHosts: string;
}

export type Senders = Readonly<Partial<Record<ChannelKind, Sender>>>;

/** The senders of all configured channels. `faults`: incomplete configurations with their remedies; those channels do not send. */
export function createSenders(
  folder: DataFolder,
  settings: SenderSettings,
  secrets: Secrets,
): { readonly senders: Senders; readonly faults: readonly string[] } {
  const { publicUrl, smtpUrl, mailFrom, webhookUrl, vapidSubject, vapidPublicKey, pushHosts } = settings;
  const faults: string[] = [];
  const complete = (channel: string, parts: Readonly<Record<string, string | undefined>>): boolean => {
    const missing = Object.keys(parts).filter((name) => parts[name] === undefined);
    if (missing.length > 0 && missing.length < Object.keys(parts).length)
      faults.push(`the channel ${channel} is not sent: set ${missing.join(' and ')} as well`);
    return missing.length === 0;
  };
  const senders: Partial<Record<ChannelKind, Sender>> = {
    file: fileSender(folder),
    // Being marked as sent is all that it takes.
    inbox: async () => ({ kind: 'sent' }),
  };
  const { smtpPassword: password, webhookSecret, vapidPrivateKey } = secrets;
  if (complete('email', { smtpUrl, mailFrom, ...(smtpUrl !== undefined && { publicUrl }) }))
    senders.email = smtpSender({ url: smtpUrl!, from: mailFrom!, password, folder });
  if (complete('webhook', { webhookUrl, PINWALK_WEBHOOK_SECRET: webhookSecret }))
    senders.webhook = webhookSender(webhookUrl!, webhookSecret!);
  if (complete('push', { vapidSubject, vapidPublicKey, PINWALK_VAPID_PRIVATE_KEY: vapidPrivateKey })) {
    const vapid = { subject: vapidSubject!, publicKey: vapidPublicKey!, privateKey: vapidPrivateKey! };
    senders.push = webPushSender(vapid, pushHosts.split(',').map((host) => host.trim())); // prettier-ignore
  }
  return { senders, faults };
}

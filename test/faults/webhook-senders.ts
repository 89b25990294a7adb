import { createSenders } from '../../api/notifications/index.ts';
import type { DataFolder } from '../../graph-data/index.ts';

/** Senders of which the one of the webhook is configured. */
export function webhookSenders(
  folder: DataFolder,
  webhookUrl: string,
): ReturnType<typeof createSenders>['senders'] {
  return createSenders(folder, { webhookUrl, pushHosts: 'x' }, { webhookSecret: 'x' }).senders;
}

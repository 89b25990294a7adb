import { deliverDue, storeOutbox } from '../../api/notifications/index.ts';
import { NotificationStore, openDataFolder } from '../../graph-data/index.ts';
import { webhookSenders } from './webhook-senders.ts';

/**
 * Proposes a notification to each person and sends what is due, round after round from argv[4] on, until it is killed. Prints the
 * round, and the id of each notification once its proposal is durable. argv[3]: the address of the webhook; argv[5]: people, as JSON.
 */
const [root = '', webhookUrl = '', first = '', people = ''] = process.argv.slice(2);
const folder = openDataFolder(root);
const store = new NotificationStore(folder, 5_000);
const senders = webhookSenders(folder, webhookUrl);

for (let round = Number(first); ; round++) {
  const now = Date.now();
  // Those of the round before again, as after a crash.
  for (const window of [round - 1, round].map(String)) {
    const proposals = (JSON.parse(people) as string[]).map((user) => ({
      user,
      channel: 'webhook' as const,
      campaign: 'digest',
      window,
      pins: ['basil'],
      copy: { title: `New for ${user}`, text: window, language: 'en' },
      expires: now + 2 * 86_400_000,
    }));
    const results = store.propose(proposals, now);
    const added = proposals.filter((_, i) => results[i] === 'added');
    for (const { user } of added) process.stdout.write(`${user} ${window}\n`);
  }
  process.stdout.write(`round ${round}\n`);
  await deliverDue({
    outbox: storeOutbox(store),
    senders,
    linkSecret: () => undefined,
    record: async () => {},
    now: () => Date.now(),
    sendMsMax: 1_000,
  });
}

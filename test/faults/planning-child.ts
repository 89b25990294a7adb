import { deliverDue, releaseOf, storeOutbox } from '../../api/notifications/index.ts';
import { InteractionWriter, NotificationStore, openDataFolder } from '../../graph-data/index.ts';
import { plan, planner, policy } from '../planning.ts';
import { webhookSenders } from './webhook-senders.ts';

/**
 * Plans the day that the clock shows and sends what is due, round after round, until it is killed. Prints the person and the window of each
 * notification once its plan is durable, and each round. argv[3]: the address of the webhook.
 */
const [root = '', webhookUrl = ''] = process.argv.slice(2);
const folder = openDataFolder(root);
const store = new NotificationStore(folder, 5_000);
const writer = new InteractionWriter(folder, 5_000);
const senders = webhookSenders(folder, webhookUrl);
const own = { ...policy, preset: 'paths', explore: 0.05, holdout: 0.05, perWeek: 4 };

process.stdout.write('begins\n');
for (let round = 0; ; round++) {
  try {
    await plan(folder, Date.now(), own, {
      onDecisions: (decisions, { window }) => {
        for (const { user, suppressedBy } of decisions)
          if (suppressedBy === undefined) process.stdout.write(`${user} ${window}\n`);
      },
    });
  } catch (error) {
    // The clock went back over midnight.
    if ((error as { code?: string }).code !== 'plan-behind') throw error;
  }
  process.stdout.write(`round ${round}\n`);
  using again = planner(folder, Date.now(), own);
  await deliverDue({
    outbox: storeOutbox(store),
    senders,
    linkSecret: () => undefined,
    record: async (rows) => void writer.apply([{ rows, time: Date.now() }]),
    rescore: async (held, now) => {
      const decision = again.planner.decideAgain(held, now);
      return decision === undefined ? {} : releaseOf(decision, own.preset);
    },
    now: () => Date.now(),
    sendMsMax: 1_000,
  });
}

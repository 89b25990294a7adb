import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { createSenders, deliverDue, readSecrets, storeOutbox } from '../../api/notifications/index.ts';
import { DataError, openExistingDataFolder } from '../../graph-data/base/index.ts';
import { InteractionWriter } from '../../graph-data/interactions/index.ts';
import { NotificationStore, readLinkSecret, readWaiting } from '../../graph-data/notifications/index.ts';
import { print, printJson, stoppable, thousands } from '../output.ts';
import { SecondDecisions, planCommand, policyOf } from './shared/notify-plan.ts';
import { reportCommand } from './shared/notify-report.ts';
import { simulateCommand } from './shared/notify-simulate.ts';
import { jsonOption } from './shared/options.ts';
import { type SettingFlags, readSettings, withSettings } from './shared/setting-options.ts';

/** How long a statement waits for the write of a server. */
const busyMs = 5_000;

/** `pinwalk notify` and its subcommands. */
export function notifyCommand(): Command {
  const command = new Command('notify')
    .description('Plan, send, report and simulate notifications.')
    .addCommand(planCommand())
    .addCommand(reportCommand())
    .addCommand(simulateCommand());
  command.addCommand(
    withSettings(
      new Command('send')
        .description('Send due notifications, once, also beside a server.')
        .addOption(jsonOption()),
    ).action(async (flags: SettingFlags & { json?: true }) => send(flags)),
  );
  return command;
}

async function send(flags: SettingFlags & { json?: true }): Promise<void> {
  const { settings } = readSettings(flags);
  const folder = openExistingDataFolder(settings.data);
  const { senders, faults } = createSenders(
    folder,
    settings,
    readSecrets(process.env, (file) => readFileSync(file, 'utf8')),
  );
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  const store = new NotificationStore(folder, busyMs);
  const writer = new InteractionWriter(folder, busyMs);
  using again = new SecondDecisions(folder, policyOf(settings));
  try {
    const { report, isStopped } = await stoppable(async (signal) => {
      const delivered = await deliverDue({
        outbox: storeOutbox(store),
        senders,
        publicUrl: settings.publicUrl,
        linkSecret: () => readLinkSecret(folder),
        record: async (rows) => void writer.apply([{ rows, time: Date.now() }]),
        rescore: async (held, now) => again.of(held, now),
        now: () => Date.now(),
        signal,
      });
      return { report: delivered, isStopped: signal.aborted };
    });
    const { waiting, nextAt } = readWaiting(folder);
    if (flags.json === true) {
      printJson({ ...report, waiting, nextAt: nextAt === null ? null : new Date(nextAt).toISOString() });
    } else {
      const { sent, retry, failed, unknown, released } = report;
      print(
        `${sent} sent, ${retry} to be tried again, ${failed} failed, ${unknown} unknown, ${released} released`,
      );
      if (waiting > 0) print(`${thousands(waiting)} ${waiting === 1 ? 'waits' : 'wait'}${untilText(nextAt)}`);
    }
    if (isStopped) throw new DataError('stopped', 'stopped: pinwalk notify send goes on with the others');
  } finally {
    store.close();
    writer.close();
  }
}

/** Nothing for a time that has passed: what waits then has no sender. */
function untilText(nextAt: number | null): string {
  if (nextAt === null || nextAt <= Date.now()) return '';
  return `, the first until ${new Date(nextAt).toISOString().slice(0, 16)}Z`;
}

import type { DataFolder } from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { storageProblem } from '../storage-problem.ts';
import { CommitThread, type CommitThreadOptions } from './commit-thread.ts';
import type {
  NotificationCalls,
  NotificationWriterData,
  NotificationWrites,
} from './notification-messages.ts';

/** The writer of channels and notifications: one transaction a call. Starts with the first use. */
export class NotificationThread extends CommitThread<NotificationWrites> {
  constructor(folder: DataFolder, { busyMs = 5_000, ...options }: CommitThreadOptions & { busyMs?: number }) {
    const data: NotificationWriterData = { dataFolder: folder.root, busyMs };
    super(moduleBeside('notification-worker', import.meta.url), data, options);
  }

  /** Calls a method of the `NotificationStore`. Rejects with the problems `overloaded` and `storage-unavailable`. */
  async call<Name extends keyof NotificationCalls>(
    name: Name,
    ...args: Parameters<NotificationCalls[Name]>
  ): Promise<ReturnType<NotificationCalls[Name]>> {
    const outcome = await this.add({ name, args }, { changes: 1, client: '' });
    if ('unstored' in outcome) throw storageProblem(outcome.unstored.reason, outcome.unstored.detail);
    return outcome.result as ReturnType<NotificationCalls[Name]>;
  }
}

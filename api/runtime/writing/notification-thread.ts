import type { DataFolder, NotificationStore } from '../../../graph-data/index.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';
import { CallThread } from './call-thread.ts';
import type { CommitThreadOptions } from './commit-thread.ts';

/** The writer of channels and notifications: methods of the `NotificationStore`. */
export class NotificationThread extends CallThread<Omit<NotificationStore, 'close'>> {
  constructor(folder: DataFolder, options: CommitThreadOptions & { busyMs?: number }) {
    super(moduleBeside('notification-worker', import.meta.url), folder, options);
  }
}

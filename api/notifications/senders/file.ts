import { type DataFolder, appendNotification } from '../../../graph-data/index.ts';
import type { Sender } from './sender.ts';

/** Appends each message as a line of JSON to `notifications.jsonl` in the data folder: for trying out. */
export function fileSender(folder: DataFolder): Sender {
  return async (message) => {
    appendNotification(folder, message.user, { ...message });
    return { kind: 'sent' };
  };
}

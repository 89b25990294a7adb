import { NotificationStore } from '../../../graph-data/notifications/index.ts';
import { serveCalls } from './serve-calls.ts';

// Below the threads that walk, as the writer of interactions.
serveCalls((folder, busyMs) => new NotificationStore(folder, busyMs), 15);

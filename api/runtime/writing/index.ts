export { CampaignThread } from './campaign-thread.ts';
export { saveOf, unsaveOf } from './changes-of.ts';
export type { CommitThread, Queued, WriteStats } from './commit-thread.ts';
export { WriteThread, type WriteThreadOptions } from './write-thread.ts';
export { InteractionThread } from './interaction-thread.ts';
export { NotificationThread } from './notification-thread.ts';
export type { Writes } from './messages.ts';

export { type Channel, type ChannelSettings } from './channel.ts';
export { copyNotifications, faultOfNotifications } from './copy-notifications.ts';
export type { HoldoutReport } from './holdout-activity.ts';
export { type NotificationReport, notificationReport } from './notification-report.ts';
export { keepRefusals } from './keep-refusals.ts';
export { type Notification, type Proposal, idempotencyKeyOf, webLink } from './notification.ts';
export { hasNotifications, notificationsFile } from './notification-file.ts';
export { type ErasedNotifications, NotificationStore } from './notification-store.ts';
export type { Claimed, ClaimedPin, Outcome, Release } from './outbox-types.ts';
export { type PersonSend, PlanReader } from './plan-reader.ts';
export { type PlanRun, readLastPlan } from './plan-run.ts';
export { RecentLog } from './recent-log.ts';
export { appendNotification } from './sent-file.ts';
export {
  type InboxPosition,
  countUnread,
  readChannel,
  readChannels,
  readInbox,
  readLinkSecret,
  readNotification,
  readPerson,
  readWaiting,
} from './read-notifications.ts';
export { type Suppression, suppressions } from './suppressions.ts';

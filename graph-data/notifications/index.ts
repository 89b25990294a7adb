export { type Channel, type ChannelSettings } from './channel.ts';
export { copyNotifications, faultOfNotifications } from './copy-notifications.ts';
export { type Notification, type Proposal } from './notification.ts';
export { hasNotifications, notificationsFile } from './notification-file.ts';
export { type ErasedNotifications, NotificationStore } from './notification-store.ts';
export {
  type InboxPosition,
  countUnread,
  readChannels,
  readInbox,
  readPerson,
} from './read-notifications.ts';

export { channelResponseOf, exportedNotifications, settingsOf } from './channels.ts';

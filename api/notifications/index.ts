export { channelResponseOf, exportedNotifications, settingsOf } from './channels.ts';
export { createSenders } from './create-senders.ts';
export { type DeliveryOptions, deliverDue } from './deliver.ts';
export { unsubscribePage } from './email.ts';
export { type LinkPurpose, verifyLink } from './links.ts';
export { actionOf } from './message.ts';
export { type Secrets, readSecrets } from './secrets.ts';
export * from './plan/index.ts';

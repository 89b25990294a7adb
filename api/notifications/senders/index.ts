export type { Sender } from './sender.ts';
export { fileSender } from './file.ts';
export { smtpSender } from './smtp.ts';
export { webPushSender } from './web-push.ts';
export { webhookSender } from './webhook.ts';

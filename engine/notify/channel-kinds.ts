/** How a person may be reached. `webhook` hands over to the application, `file` is for trying out. */
export const channelKinds = ['push', 'email', 'inbox', 'webhook', 'file'] as const;
export type ChannelKind = (typeof channelKinds)[number];

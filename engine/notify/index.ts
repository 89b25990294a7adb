export { type ChannelKind, channelKinds } from './channel-kinds.ts';
export { type QuietHours, ZoneHours, isTimeZone } from './quiet-hours.ts';

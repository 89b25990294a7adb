export { type ChannelKind, channelKinds } from './channel-kinds.ts';
export { type QuietHours, ZoneHours, isTimeZone } from './quiet-hours.ts';
export { bestHour, hourShares } from './best-hour.ts';
export { decideSend } from './explore-sends.ts';
export { ruleAgainst, sendRules, sentWithin } from './send-rules.ts';
export { sendValue } from './send-value.ts';
export { VolumeControl, type VolumeState } from './volume-control.ts';

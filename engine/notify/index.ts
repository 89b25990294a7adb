export { type ChannelKind, channelKinds } from './channel-kinds.ts';
export { type QuietHours, ZoneHours, isTimeZone } from './quiet-hours.ts';
export { bestHour, hourShares } from './best-hour.ts';
export {
  type EarlyDecision,
  type OfferContext,
  type OfferDecision,
  decideOffer,
  holdBackEarly,
} from './decide-offer.ts';
export { hashedSlots } from './hashed-slots.ts';
export { type SendFeatures, type SendSlots, SendLearner, ownSlots } from './send-learner.ts';
export { type SendRule, type SendRules, ruleAgainst, sendRules, sentWithin } from './send-rules.ts';
export { type SendTime, bestTime, sendTimes } from './send-times.ts';
export {
  type TemplateChoice,
  type TemplateRound,
  TemplateScores,
  chooseTemplate,
} from './template-bandit.ts';
export { type VolumeMark, VolumeControl, type VolumeState } from './volume-control.ts';

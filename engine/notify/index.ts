export { type ChannelKind, channelKinds } from './channel-kinds.ts';
export { type QuietHours, ZoneHours, isTimeZone } from './quiet-hours.ts';
export { bestHour, hourShares } from './best-hour.ts';
export { type OfferDecision, decideOffer } from './decide-offer.ts';
export { decideSend } from './explore-sends.ts';
export { hashedSlots } from './hashed-slots.ts';
export { type SendFeatures, type SendSlots, SendLearner, expectedRates, openShareOf, ownSlots } from './send-learner.ts'; // prettier-ignore
export { type SendRule, type SendRules, ruleAgainst, sendRules, sentWithin } from './send-rules.ts';
export { type SendTime, bestTime, sendTimes } from './send-times.ts';
export {
  type TemplateChoice,
  type TemplateRound,
  TemplateScores,
  chooseTemplate,
} from './template-bandit.ts';
export { sendValue } from './send-value.ts';
export { type VolumeMark, VolumeControl, type VolumeState } from './volume-control.ts';

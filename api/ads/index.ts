export { campaignBody, settingsOf } from './campaign-bodies.ts';
export { exportedPromotions } from './exported-promotions.ts';
export { type PlacedPin, compose, slotsOf } from './compose.ts';
export { personFacts } from './person-facts.ts';
export { createPromotion } from './promotion.ts';
export { type PromotedPin, PromotedPins } from './promoted-pins.ts';
export { campaignReportBody } from './report-body.ts';
export { targetPins } from './target-pins.ts';
export { unknownKeysOf } from './unknown-keys.ts';

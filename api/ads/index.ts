export { campaignBody, settingsOf } from './campaign-bodies.ts';
export { exportedPromotions } from './exported-promotions.ts';
export { type PlacedPin, compose, itemOf, promotionOf, slotsOf } from './compose.ts';
export { personFacts } from './person-facts.ts';
export { type PromotableList, nothingPromotable } from './promotable-list.ts';
export { PromotedPins } from './promoted-pins.ts';
export { campaignReportBody } from './report-body.ts';
export { summaryOf } from './unfilled.ts';
export { targetPins } from './target-pins.ts';

export { type AttributionRule, type InteractionColumns, attribute, skewMsMax } from './attribute.ts';
export { type Rate, rateOf } from './rate.ts';
export { t95 } from './student.ts';
export { type Ratio, ratioOf } from './ratio.ts';

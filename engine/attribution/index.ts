export { type AttributionRule, type InteractionColumns, attribute, skewMsMax } from './attribute.ts';
export { type Rate, rateOf } from './rate.ts';
export { type Ratio, ratioOf } from './ratio.ts';

export { calibrate, miscalibration } from './calibrate.ts';
export { correctHubs } from './correct-hubs.ts';
export { type PinCommunities, diversify, intraListDiversity } from './diversify.ts';
export { type Candidates, offerCandidates } from './offer-candidates.ts';
export { type Specificity, specificityOf } from './specificity.ts';
export { type IsExcluded, type ScoredPin, TopPins } from './top-pins.ts';
export { rareSavesMax } from './rare.ts';

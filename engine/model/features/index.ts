export { type FeatureDefinition, type FeatureFields, nameOf } from './definitions.ts';
export type { Shown } from './feature-columns.ts';
export { type FeatureColumns, FeatureState, keyOf } from './feature-state.ts';
export { KeyIndex } from './key-index.ts';
export { ZoneClock } from './zone-clock.ts';

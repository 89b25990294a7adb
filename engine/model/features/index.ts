export { type FeatureDefinition, type FeatureFields } from './definitions.ts';
export { FeatureState, type Shown, keyOf } from './feature-state.ts';

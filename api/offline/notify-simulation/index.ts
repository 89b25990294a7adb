export { type ClickModel, clickModelSpecs } from './click-model.ts';
export { type ComparedPolicy, type SeedMean, comparePolicies } from './compare-policies.ts';

export { type Trial, type TrialPurpose, TrialStore } from './trial-store.ts';

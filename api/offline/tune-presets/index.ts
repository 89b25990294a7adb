export { tunedSettings } from './exact-scores.ts';
export { keepTuned } from './keep-tuned.ts';
export { type TuneReport, tunePresets } from './tune-presets.ts';
export type { TunedResult } from './tune-preset.ts';

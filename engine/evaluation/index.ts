export { type ListQuality, listQuality } from './metrics.ts';
export { type SaveSplit, splitSaves } from './split.ts';

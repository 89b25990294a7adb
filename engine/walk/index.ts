export type { OnStep } from './walk.ts';
export { pixie, pixieDefaults, type PixieOptions, rankingParams, walkFrom } from './pixie.ts';
export { type PixieParams, checkPixieParams, pixieParams, stepsMax } from './pixie-params.ts';
export { type WalkScratch, createWalkScratch } from './scratch.ts';
export { VisitTable } from './visit-table.ts';

export { findReasons } from './find-reasons.ts';
export type { Reason } from './reason.ts';
export { type ReasonScratch, createReasonScratch } from './scratch.ts';

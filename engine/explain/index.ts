export { findReasons } from './find-reasons.ts';
export { type Reason, type SharedBoards } from './reason.ts';
export { type ReasonScratch, createReasonScratch } from './scratch.ts';

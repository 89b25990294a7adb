export { type AppliedLines, ChangeApplier } from './change-applier.ts';
export { parseChanges } from './change-line.ts';
export { ChangeReader, type PositionFault } from './change-reader.ts';

export {
  type Bridge,
  type Reason,
  type ReasonScratch,
  type SharedBoards,
  createReasonScratch,
  findReasons,
} from './reasons.ts';

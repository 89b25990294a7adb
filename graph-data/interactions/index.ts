export {
  type Interaction,
  dayMs,
  dayOf,
  faultsOf,
  idLengthMax,
  impression,
  nameLengthMax,
  queryLengthMax,
  rankMax,
} from './interaction.ts';
export { type InteractionBatch, type InteractionResult, InteractionWriter } from './interaction-writer.ts';
export {
  type StoredInteraction,
  dayVersions,
  rowsOfDay,
  hasInteractions,
  hasStoredInteractions,
  readDay,
  readInteractions,
  readInteractionsFrom,
} from './read-interactions.ts';
export { readClickedSearches } from './read-searches.ts';
export { copyInteractions, faultOfMonth } from './copy-interactions.ts';
export { type FoundAction, findActions } from './find-actions.ts';
export { damagedMonth, orMonthError } from './month-errors.ts';
export { readMonth } from './month-files.ts';
export { type Month, firstDayOf, interactionsFolder, listMonths, monthFile } from './month-names.ts';
export { importInteractions } from './import-interactions.ts';

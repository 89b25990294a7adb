/** Schemas of writes, apart from the rest of the contract: writing threads need nothing else of it. */
export {
  type InteractionInput,
  interactionOf,
  interactionsMax,
  interactionsRequest,
} from './interactions.ts';
export { keySchema } from './key-schema.ts';
export { isPlainInteraction } from './plain-interactions.ts';
export { isPlainSave, plainSaves } from './plain-saves.ts';
export {
  type SaveInput,
  boardRequest,
  pinRequest,
  saveSchema,
  savesRequest,
  storedKeySchema,
  timeSchema,
  userRequest,
} from './write-requests.ts';

export { type FieldFilter, type Filter, type Scalar, filterSchema } from './filter.ts';
export { graphAnswer } from './graph-response.ts';
export {
  boardAnswer,
  boardSavesAnswer,
  exportAnswer,
  pinAnswer,
  pinSavesAnswer,
  userAnswer,
  userSavesAnswer,
} from './node-responses.ts';
export {
  type PopularParameters,
  type ShorthandParameters,
  booleanFromQuery,
  generalForm,
  numberFromQuery,
  popularParameters,
  shorthandParameters,
} from './query-strings.ts';
export {
  type QueryEntry,
  type RecommendationRequest,
  algorithmSchema,
  commonFields,
  keySchema,
  limitMax,
  recommendationRequest,
  requestSchema,
} from './recommendation-request.ts';
export {
  activationAnswer,
  algorithmUsed,
  batchAnswer,
  itemFields,
  jobAnswer,
  jobList,
  problemBody,
  recommendationAnswer,
  snapshotList,
} from './recommendation-response.ts';
export {
  type AlgorithmAsked,
  type PresetName,
  algorithmNameOf,
  resolveAlgorithm,
} from './resolve-algorithm.ts';
export { searchAnswer } from './search-response.ts';
export { walkAnswer } from './walk-response.ts';
export {
  type BoardInput,
  type PinInput,
  type SaveInput,
  type UserInput,
  boardRequest,
  pinRequest,
  saveSchema,
  savesMax,
  savesRequest,
  storedKeySchema,
  userRequest,
} from './write-requests.ts';
export { putAnswer, removalAnswer, savesAnswer, unsavesAnswer } from './write-responses.ts';

export { type FieldFilter, type Filter, type Scalar, filterSchema } from './filter.ts';
export { contentParamsSchema, linearParamsSchema } from './build-params.ts';
export {
  booleanFromQuery,
  generalForm,
  numberFromQuery,
  popularParameters,
  shorthandParameters,
} from './query-strings.ts';
export { daysOf, engagementParameters, engagementResponse } from './engagement.ts';
export {
  type ExperimentRequest,
  type ExperimentResponse,
  experimentPath,
  experimentRequest,
  experimentResponse,
  experimentsResponse,
  promotionRequest,
} from './experiments.ts';
export { interactionOf, interactionsMax, interactionsRequest } from './interactions.ts';
export {
  type InterestRequest,
  type InterestResponse,
  type InterestsResponse,
  type PersonInterestsResponse,
  interestParameters,
  interestPath,
  interestRequest,
  interestResponse,
  interestsParameters,
  interestsResponse,
  personInterestPath,
  personInterestRequest,
  personInterestResponse,
  personInterestsParameters,
  personInterestsResponse,
} from './interests.ts';
export { isPlainInteraction } from './plain-interactions.ts';
export { keySchema } from './key-schema.ts';
export {
  type RecommendationInput,
  type RecommendationRequest,
  requestCompleter,
  recommendationRequest,
  requestSchema,
} from './recommendation-request.ts';
export { type QueryEntry, limitMax } from './request-fields.ts';
export {
  type Absence,
  type Activation,
  type ExperimentReportResponse,
  type GraphState,
  type Job,
  type DrawnNode,
  type DrawnWay,
  type RecommendationReason,
  type RecommendationResponse,
  type RecommendationResult,
  type RecommendedItem,
  type SearchItem,
  type WalkResponse,
  type WalkedItem,
  absenceCauses,
  activationResponse,
  batchResponse,
  boardResponse,
  boardSavesResponse,
  experimentReportResponse,
  exportResponse,
  graphResponse,
  interactionsResponse,
  jobResponse,
  jobsResponse,
  pinResponse,
  pinSavesResponse,
  putResponse,
  recommendationResponse,
  removalResponse,
  savesResponse,
  searchResponse,
  snapshotsResponse,
  unsavesResponse,
  userResponse,
  userSavesResponse,
  walkResponse,
} from './responses/index.ts';
export {
  type SaveInput,
  boardRequest,
  pinRequest,
  saveSchema,
  savesRequest,
  storedKeySchema,
  userRequest,
} from './write-requests.ts';

export { type FieldFilter, type Filter, type Scalar, filterSchema } from './filter.ts';
export { changesParameters } from './changes.ts';
export { contentParamsSchema, linearParamsSchema } from './build-params.ts';
export {
  booleanFromQuery,
  generalForm,
  numberFromQuery,
  popularParameters,
  promotedSearchFields,
  shorthandParameters,
} from './query-strings.ts';
export {
  type CampaignRequest,
  type CampaignResponse,
  type ExportedPromotions,
  type UnknownKeys,
  campaignParameters,
  campaignPath,
  campaignRequest,
  campaignResponse,
  campaignsParameters,
  campaignsResponse,
} from './campaigns.ts';
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
export {
  type InteractionInput,
  interactionOf,
  interactionsMax,
  interactionsRequest,
} from './interactions.ts';
export {
  type InterestRequest,
  interestParameters,
  interestPath,
  interestRequest,
  interestsParameters,
  personInterestPath,
  personInterestRequest,
  personInterestsParameters,
} from './interests.ts';
export { notificationReportParameters } from './notification-report.ts';
export {
  type ChannelRequest,
  type ChannelResponse,
  channelsRequest,
  channelsResponse,
  inboxParameters,
  inboxResponse,
  personPath,
  readRequest,
  readResponse,
} from './notifications.ts';
export { isPlainInteraction } from './plain-interactions.ts';
export { isPlainSave, plainSaves } from './plain-saves.ts';
export { keySchema } from './key-schema.ts';
export { type PromotedSlots, noViewer } from './promoted-slots.ts';
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
  type CampaignReportResponse,
  type DrawnNode,
  type DrawnWay,
  type ExperimentReportResponse,
  type GraphState,
  type InterestResponse,
  type InterestsResponse,
  type Job,
  type NotificationReportResponse,
  type PersonInterestsResponse,
  type PromotedSummary,
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
  campaignReportResponse,
  experimentReportResponse,
  exportResponse,
  graphResponse,
  interactionsResponse,
  interestResponse,
  interestsResponse,
  jobResponse,
  jobsResponse,
  modelActivationResponse,
  modelsResponse,
  notificationPlanResponse,
  notificationReportResponse,
  personInterestResponse,
  personInterestsResponse,
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
  type GraphRole,
  type RecordRole,
  type TopicRoles,
  recordRoles,
  topicPattern,
  topicRolesOf,
} from './topics.ts';
export {
  type SaveInput,
  boardRequest,
  pinRequest,
  saveSchema,
  savesRequest,
  storedKeySchema,
  userRequest,
} from './write-requests.ts';

export type {
  Absence,
  Activation,
  BoardResponse as Board,
  CampaignReportResponse,
  UserSavesResponse,
  DrawnNode,
  DrawnWay,
  ExperimentReportResponse,
  GraphResponse,
  InterestResponse,
  InterestsResponse,
  Job,
  NotificationPlanResponse,
  NotificationReportResponse,
  PinResponse as Pin,
  PersonInterestsResponse,
  PinSavesResponse,
  RecommendationReason as Reason,
  RecommendationResponse,
  RecommendedItem,
  SearchItem,
  SearchResponse,
  Snapshot,
  UserResponse as User,
  WalkResponse,
  WalkedItem,
} from '../../../contract/responses/index.ts';
export { RestClient, RestProblem, pathOf } from './rest-client.ts';
export { type Fetched, useFetched } from './use-fetched.ts';
export { usePolled } from './use-polled.ts';
export { nodeOf, titleOf } from './node-of.ts';

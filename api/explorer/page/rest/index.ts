export type {
  Activation,
  BoardResponse as Board,
  DrawnNode,
  DrawnWay,
  GraphResponse,
  Job,
  PinResponse as Pin,
  PinSavesResponse,
  RecommendationReason as Reason,
  RecommendationResponse,
  RecommendedItem,
  SearchItem,
  SearchResponse,
  Snapshot,
  UserResponse as User,
  UserSavesResponse,
  WalkResponse,
  WalkedItem,
} from '../../../contract/responses/index.ts';
export { RestClient, type RestClientOptions, RestProblem, pathOf } from './rest-client.ts';
export { type Ask, LatestAsker, type Standing } from './latest-asker.ts';
export { type Asking, useAnswer } from './use-answer.ts';
export { thingOf } from './thing-of.ts';

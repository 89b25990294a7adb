export type * from './answers.ts';
export { RestClient, type RestClientOptions, RestProblem, pathOf } from './rest-client.ts';
export { type Ask, LatestAsker, type Standing } from './latest-asker.ts';
export { type Asking, useAnswer } from './use-answer.ts';
export { thingOf } from './thing-of.ts';

export type * from './answers.ts';
export { RestClient, type RestClientOptions, RestProblem, pathOf } from './rest-client.ts';
export { type Asking, useAnswer } from './use-answer.ts';

import type { Pipeline } from '../../../engine/index.ts';
import type { RecommendationRequest } from '../../contract/index.ts';

/** Requests as texts: cheaper to hand over than objects, and identical requests are found by them. */
export interface WalkTexts {
  /** As JSON, without their pipelines. */
  readonly requests: string;
  /** JSON of each pipeline. A pipeline is most of a request, so that of a preset is written and parsed once. */
  readonly pipelines: readonly string[];
}

export function textsOf(
  requests: readonly RecommendationRequest[],
  textOf: (pipeline: Pipeline) => string = JSON.stringify,
): WalkTexts {
  return {
    requests: JSON.stringify(requests.map(({ pipeline: _pipeline, ...others }) => others)),
    pipelines: requests.map(({ pipeline }) => textOf(pipeline)),
  };
}

export function requestsOf(
  { requests, pipelines }: WalkTexts,
  pipelineOf: (text: string) => Pipeline,
): RecommendationRequest[] {
  const all = JSON.parse(requests) as Omit<RecommendationRequest, 'pipeline'>[];
  return all.map((each, i) => Object.assign(each, { pipeline: pipelineOf(pipelines[i]!) }));
}

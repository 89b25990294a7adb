import { invalidRequest } from '../base/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';

/** Throws `invalid-request` for a request whose list would be recorded, where nothing is shown to anybody. */
export function assertNotRecorded({ record }: RecommendationRequest): void {
  if (record === undefined) return;
  const detail = 'is only for POST /v1/recommendations and its batch';
  throw invalidRequest([{ pointer: '/record', code: 'unknown-parameter', detail }]);
}

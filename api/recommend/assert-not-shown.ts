import { invalidRequest } from '../base/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';

/** Throws `invalid-request` for a request whose list would be recorded or in an experiment, where nothing is shown to anybody. */
export function assertNotShown({ record, enrollment }: RecommendationRequest): void {
  const detail = 'is only for calls that recommend over REST';
  const fields = [
    ...(record === undefined ? [] : ['record']),
    ...(enrollment === undefined ? [] : ['surface']),
  ];
  if (fields.length === 0) return;
  throw invalidRequest(fields.map((field) => ({ pointer: `/${field}`, code: 'unknown-parameter', detail })));
}

import type { ScoreReasons } from '../../engine/model/index.ts';
import {
  type GraphAnalysis,
  type Ranking,
  noLinearWeights,
  settingsOf,
} from '../../engine/pipeline/index.ts';
import type { LoadedSnapshot, NodeRow } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';
import type { RecommendationRequest, RecommendationResult, RecommendedItem } from '../contract/index.ts';
import { valueOf } from './compile-filter.ts';

export function contributionsOf({
  logOdds,
  base,
  features,
}: ScoreReasons): NonNullable<RecommendedItem['contributions']> {
  return { logOdds, base, features: features.map((each) => ({ ...each })) };
}

export function noWeights(pointer: string): Problem {
  const detail = noLinearWeights;
  return new Problem('invalid-request', detail, [{ pointer, code: 'invalid-parameter', detail }]);
}

/**
 * The algorithm that ran: on a cold start, `popular` instead of the pipeline's own; without item weights, none
 * blended in.
 */
export function algorithmOf(
  { algorithm: named }: RecommendationRequest,
  { fallback, pipeline }: Ranking,
  { linear, content }: LoadedSnapshot,
): RecommendationResult['algorithm'] {
  if (fallback === 'cold-start') return { name: 'popular', params: {} };
  const { algorithm: name, params } = settingsOf(pipeline);
  const ran = {
    ...params,
    ...(linear === undefined && { linearShare: 0 }),
    ...(content === undefined && { virtualWeight: 0 }),
  };
  return { name, ...(named !== name && { preset: named }), params: ran };
}

/** Communities of the pins that the build knew: a live graph has more. */
export function analysisOf({ pageRank, communities, linear, content }: LoadedSnapshot): GraphAnalysis {
  if (communities === undefined) return { pageRank, linear, content };
  const { levels, pins } = communities;
  return { pageRank, linear, content, communities: { levels, pinCount: pins.length / levels, pins } };
}

export function pick(row: NodeRow, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = valueOf(row, field);
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

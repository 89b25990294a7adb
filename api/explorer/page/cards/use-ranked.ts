import { useState } from 'preact/hooks';
import { useGet } from '../context/index.ts';
import type { Fetched, RecommendationResponse } from '../rest/index.ts';

/** Longer lists are for programs. */
const itemsMax = 240;

/** The fields that cards show. */
export const cardFields: readonly string[] = ['title', 'imageUrl'];

/** A ranked list that can grow. */
export interface RankedList {
  readonly fetched: Fetched<RecommendationResponse | undefined>;
  readonly limit: number;
  /** Loads a longer list; absent when there is none. */
  readonly onMore?: (() => void) | undefined;
}

/** The ranked list at a path of the API, with reasons, a page longer after each `onMore`. */
export function useRanked(
  path: string,
  pageSize: number,
  parameters: Readonly<Record<string, string>> = {},
): RankedList {
  const [limit, setLimit] = useState(pageSize);
  const query = new URLSearchParams({
    limit: String(limit),
    explain: 'true',
    fields: cardFields.join(','),
    ...parameters,
  });
  const fetched = useGet<RecommendationResponse>(`${path}?${query.toString()}`);
  const hasMore = (fetched.data?.items.length ?? 0) >= limit && limit < itemsMax;
  return { fetched, limit, onMore: hasMore ? () => setLimit(limit + pageSize) : undefined };
}

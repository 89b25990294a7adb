import { Problem, valueOfJson } from '../base/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';
import type { RequestContext } from '../http/index.ts';
import type { RankedList } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';

/** Refuses requests that record impressions with a key that may not write. */
export function assertMayRecord(
  requests: readonly Pick<RecommendationRequest, 'record'>[],
  { key }: RequestContext,
): void {
  if (key?.scope !== 'read' || requests.every(({ record }) => record === undefined)) return;
  throw new Problem('insufficient-scope', 'record needs a key of scope write; this key has read');
}

/** Records the items of lists whose requests ask for it; resolves when they are durable. */
export async function recordImpressions(
  { interactions, wallClock, keptFrom }: Pick<Service, 'interactions' | 'wallClock' | 'keptFrom'>,
  lists: readonly {
    readonly recommendationId: string;
    readonly request: RecommendationRequest;
    readonly list: RankedList;
  }[],
  client: string | undefined,
): Promise<void> {
  const rows = lists.flatMap(({ recommendationId, request: { record, algorithm }, list }) => {
    if (record === undefined) return [];
    return valueOfJson(list.json).items.map(({ rank, pin, score }) => ({
      ...record,
      kind: 'impression',
      pin,
      recommendationId,
      pipeline: algorithm,
      rank,
      score,
    }));
  });
  if (rows.length > 0) await interactions.write({ rows, time: wallClock(), from: keptFrom() }, client);
}

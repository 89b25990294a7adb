import type { Interaction } from '../../graph-data/index.ts';
import { Problem, valueOfJson } from '../base/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';
import type { RequestContext } from '../http/index.ts';
import type { RankedList } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';

/** Refuses requests that record impressions, or let campaigns pay for them, with a key that may not write. */
export function assertMayRecord(
  requests: readonly Pick<RecommendationRequest, 'record' | 'promoted'>[],
  { key }: RequestContext,
): void {
  if (key?.scope !== 'read') return;
  const field = (['record', 'promoted'] as const).find((name) =>
    requests.some((each) => each[name] !== undefined),
  );
  if (field === undefined) return;
  throw new Problem('insufficient-scope', `${field} needs a key of scope write; this key has read`);
}

/** A replica has no interactions, neither to record them nor for the counters of a model. Throws `other-server`. */
export function assertOnReplica(
  requests: readonly Pick<RecommendationRequest, 'record' | 'promoted' | 'pipeline'>[],
  { toWriter }: RequestContext,
): void {
  if (toWriter === undefined) return;
  if (requests.some(({ record }) => record !== undefined)) throw toWriter('a replica records no impressions');
  if (requests.some(({ promoted }) => promoted !== undefined)) throw toWriter('a replica has no campaigns');
  if (requests.some(({ pipeline }) => pipeline.score.model !== ''))
    throw toWriter('a replica ranks by no model');
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
  const rows: Interaction[] = [];
  for (const { recommendationId, request, list } of lists) {
    const { record, algorithm: pipeline } = request;
    if (record === undefined) continue;
    const { items } = valueOfJson(list.json);
    for (const { rank, pin, score, propensity, promoted } of items) {
      const by = promoted === undefined ? pipeline : 'promoted';
      rows.push({
        ...record,
        kind: 'impression',
        pin,
        recommendationId,
        pipeline: by,
        rank,
        score,
        propensity,
      });
    }
  }
  if (rows.length > 0) await interactions.write({ rows, time: wallClock(), from: keptFrom() }, client);
}

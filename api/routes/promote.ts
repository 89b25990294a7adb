import { hasCampaigns, messageOf } from '../../graph-data/index.ts';
import { type PlacedPin, compose, slotsOf } from '../ads/index.ts';
import { Problem, jsonBytes, valueOfJson } from '../base/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';
import { pick } from '../recommend/index.ts';
import { type RankedList, type RankedOutcome, isProblem } from '../runtime/serving/index.ts';
import type { Service } from '../service.ts';

/** A list whose slots are to be filled. */
interface Promoting {
  readonly recommendationId: string;
  readonly request: RecommendationRequest;
  readonly list: RankedList;
  /** Items of the pages before. Default: 0. */
  readonly ranked?: number | undefined;
  /** Pins that other lists of the response show. */
  readonly others?: ReadonlySet<string> | undefined;
}

/**
 * A request as campaigns need it: with what decides about relevance, and the models that can predict now. Without a campaign, as one without
 * promoted slots.
 */
export function withPromotion(request: RecommendationRequest, service: Service): RecommendationRequest {
  const { promoted, ...plain } = request;
  if (promoted === undefined) return request;
  if (!hasCampaigns(service.folder)) return plain;
  const { minRelevance, models } = service.promotion();
  return { ...request, promoted: { ...promoted, minRelevance, models } };
}

/**
 * The list with promoted pins in its slots; their impressions are stored before it is sent. If they cannot be stored, the list stays
 * as it is: campaigns never fail a request.
 */
export async function promote(
  service: Pick<Service, 'campaigns' | 'store' | 'settings' | 'wallClock' | 'log'>,
  { recommendationId, request, list, ranked = 0, others = new Set() }: Promoting,
): Promise<RankedList> {
  const { promoted, limit, fields, randomSeed } = request;
  const candidates = (list.promotable ?? []).filter(({ pin }) => !others.has(pin));
  if (promoted?.viewer === undefined || candidates.length === 0) return list;
  const slots = slotsOf(promoted.slots, { ranked, count: list.count, limit });
  if (slots.length === 0) return list;
  const { campaigns, store, settings, wallClock, log } = service;
  try {
    const placements = await campaigns.call('place', {
      recommendationId,
      user: promoted.viewer,
      surface: promoted.surface,
      slots,
      candidates: candidates.map(({ score: _score, ...candidate }) => candidate),
      at: wallClock(),
      randomSeed,
      reserveMicros: settings.promotedReserveMicros,
      minRelevance: settings.promotedMinRelevance,
    });
    if (placements.length === 0) return list;
    const placed: PlacedPin[] = [];
    for (const placement of placements) {
      const { pin } = placement;
      const index = fields.length === 0 ? undefined : store.indexOf('pins', pin);
      const row = index === undefined ? undefined : store.nodeAt('pins', index);
      const { score } = candidates.find((each) => each.pin === pin)!;
      placed.push({ ...placement, score, fields: row && pick(row, fields) });
    }
    const result = valueOfJson(list.json);
    const items = compose(result.items, placed, { ranked, limit });
    return {
      ...list,
      json: jsonBytes({ ...result, items }),
      items: jsonBytes(items.map(({ pin }) => pin!)),
      count: items.length,
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    log.warn(`a list was sent without promoted pins: ${messageOf(error)}`);
    return list;
  }
}

/** The same for the lists of a batch, one after another; of a `distinct` one, no promoted pin stands in two lists. */
export async function promoteAll(
  service: Service,
  requests: readonly RecommendationRequest[],
  outcomes: readonly RankedOutcome[],
  { ids, distinct }: { readonly ids: readonly string[]; readonly distinct: boolean },
): Promise<RankedOutcome[]> {
  const all = [...outcomes];
  for (const [i, outcome] of outcomes.entries()) {
    const request = requests[i]!;
    if (isProblem(outcome) || outcome.promotable === undefined) continue;
    const others = distinct
      ? new Set(all.flatMap((each) => (isProblem(each) ? [] : valueOfJson(each.items))))
      : undefined;
    all[i] = await promote(service, { recommendationId: ids[i]!, request, list: outcome, others });
  }
  return all;
}

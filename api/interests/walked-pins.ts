import type { Store } from '../../graph-data/index.ts';
import type { RecommendationInput, RecommendationResponse } from '../contract/index.ts';
import type { ServedInterests } from '../recommend/index.ts';

/** Pins of the walk: as many as predicted most on a validation part (docs/interests.md). */
const pinsMax = 300;

/** Runs a request; undefined where none of its nodes is in the graph. */
export type Walk = (
  input: RecommendationInput,
) => Promise<Pick<RecommendationResponse, 'items' | 'fallback'> | undefined>;

/** A pin with the place of its interest; -1 for none. */
export interface PlacedPin {
  readonly pin: number;
  readonly score: number;
  readonly interest: number;
}

/**
 * The pins that the walk of a person's feed finds, their own saves included. The walk leaves out interests that
 * the person hides; this function leaves out those that the operator hides. None for a person whose saves are
 * not in the graph.
 */
export async function walkedPins(
  store: Store,
  { tree, index }: ServedInterests,
  user: string,
  walk: Walk,
): Promise<PlacedPin[]> {
  const found = await walk({
    query: [{ user }],
    algorithm: 'feed',
    limit: pinsMax,
    exclude: { saved: false },
    backfill: false,
    virtualWeight: 0,
  });
  if (found === undefined || found.fallback !== null) return [];
  return found.items.flatMap(({ pin: key = '', score }) => {
    const pin = store.indexOf('pins', key);
    if (pin === undefined) return [];
    const interest = index.of(pin);
    return tree.interests[interest]?.isHidden === true ? [] : [{ pin, score, interest }];
  });
}

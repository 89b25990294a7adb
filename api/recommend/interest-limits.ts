import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { invalidRequest } from '../base/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';
import type { InterestCatalog } from './interest-catalog.ts';

/** What interests leave out of a request. */
export interface InterestLimits {
  /** Whether a pin is of an interest that a person of the request has hidden: neither recommended nor part of a history. */
  readonly isHidden: (pin: number) => boolean;
  /** Whether a pin is hidden, or not of the interest that the request is restricted to. */
  readonly isLeftOut: (pin: number) => boolean;
}

/** Ids of the interests hidden by the users of the query, and by who sees the list. */
function hiddenIds(store: Store, { query, hiddenFor }: RecommendationRequest): string[] {
  const keys = new Set([...query.map(({ user }) => user), hiddenFor]);
  return [...keys].flatMap((key) => {
    const user = key === undefined ? undefined : store.indexOf('users', key);
    return user === undefined ? [] : store.hiddenInterestsOf(user);
  });
}

/**
 * What interests leave out; undefined if nothing, which is known without reading a tree. Throws `invalid-request` for an
 * interest that the graph does not have.
 */
export function interestLimits(
  store: Store,
  catalog: () => InterestCatalog,
  snapshot: LoadedSnapshot,
  request: RecommendationRequest,
): InterestLimits | undefined {
  const ids = hiddenIds(store, request);
  const { interest } = request;
  if (ids.length === 0 && interest === undefined) return undefined;
  const { tree, index } = catalog().of(snapshot);
  const within = (id: string): number[] => {
    const place = tree.placeOf(id);
    return place === undefined ? [] : [...tree.within(place)];
  };
  const hidden = new Set(ids.flatMap(within));
  const isHidden = (pin: number): boolean => hidden.size > 0 && hidden.has(index.of(pin));
  if (interest === undefined) return { isHidden, isLeftOut: isHidden };
  const place = tree.placeOf(interest);
  if (place === undefined || tree.interests[place]!.isHidden) {
    const detail = `the graph has no interest ${interest}`;
    throw invalidRequest([{ pointer: '/interest', code: 'unknown-interest', detail }]);
  }
  const wanted = new Set(
    within(interest).filter((each) => !tree.interests[each]!.isHidden && !hidden.has(each)),
  );
  return { isHidden, isLeftOut: (pin) => !wanted.has(index.of(pin)) };
}

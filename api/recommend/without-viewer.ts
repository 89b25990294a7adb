import type { Store } from '../../graph-data/index.ts';
import type { RecommendationRequest } from '../contract/index.ts';

/**
 * A request without who sees its list, in which arm, which does not change the list: identical ones share one walk. Only who has
 * hidden interests, or is scored for by a model, gets a list of their own.
 */
export function withoutViewer(request: RecommendationRequest, store: Store): RecommendationRequest {
  const { record, enrollment, arm: _arm, audience, promoted, ...others } = request;
  const labels = [request.pipeline.score.model, ...(promoted?.models ?? [])];
  const isModelled = labels.some((label) => label !== '') && audience !== undefined;
  const plain = promoted === undefined ? others : { ...others, promoted: withoutKey(promoted) };
  const walked = isModelled ? { ...plain, audience } : plain;
  const viewer = record?.user ?? enrollment?.viewer ?? promoted?.viewer;
  const user = viewer === undefined ? undefined : store.indexOf('users', viewer);
  const isOwn = user !== undefined && store.hiddenInterestsOf(user).length > 0;
  return isOwn ? { ...walked, hiddenFor: viewer! } : walked;
}

/** For promoted slots: the same pins can fill them for every viewer. */
function withoutKey({
  viewer: _viewer,
  ...others
}: NonNullable<RecommendationRequest['promoted']>): NonNullable<RecommendationRequest['promoted']> {
  return others;
}

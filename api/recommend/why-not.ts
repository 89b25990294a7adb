import { type PinIndex, degreeOf, nodeCount } from '../../engine/graph/index.ts';
import type { TracedPin } from '../../engine/pipeline/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { absenceCauses } from '../base/index.ts';
import type { Absence, RecommendationReason, RecommendationRequest } from '../contract/index.ts';
import { failedFields } from './compile-filter.ts';
import type { InterestLimits } from './interest-limits.ts';
import type { ResolvedQuery } from './resolve-query.ts';

/**
 * Pins that a request leaves out before the pipeline runs; a pin that nothing leaves out has an index and no
 * absence.
 */
interface LeftOut {
  readonly pin: string;
  readonly index: PinIndex;
  readonly absence?: Absence;
}

/** Looks the pins of `whyNot` up, and finds those that the request, the query or the graph rules out. */
export function leftOut(
  store: Store,
  { graph, content }: LoadedSnapshot,
  { exclude, filter, whyNot, pipeline }: RecommendationRequest,
  { named, owned }: ResolvedQuery,
  seen: readonly string[],
  limits: InterestLimits | undefined,
): LeftOut[] {
  return whyNot.map((pin): LeftOut => {
    const index = store.indexOf('pins', pin) ?? -1;
    const because = (cause: Absence['cause'], text = meaningOf(cause)): LeftOut => {
      return { pin, index, absence: { pin, cause, text } };
    };
    if (index < 0) return because('unknown');
    if (named.pins.has(index)) return because('in-query');
    if (exclude.pins.includes(pin)) return because('excluded');
    if (exclude.saved && owned.pins.has(index)) {
      return because('saved');
    }
    if (seen.includes(pin)) return because('shown');
    if (limits?.isHidden(index) === true)
      return because('filtered', 'it is of an interest that the person has hidden');
    if (limits?.isLeftOut(index) === true) return because('filtered', 'it is not of the interest');
    const row = store.nodeAt('pins', index);
    const failed = filter === undefined || row === undefined ? [] : failedFields(filter, row);
    if (failed.length > 0) return because('filtered', `it fails the filter on ${failed.join(', ')}`);
    const isSaid = content !== undefined && pipeline.candidates.virtualWeight > 0;
    if (index >= nodeCount(graph.pinToBoard) || (!isSaid && degreeOf(graph.pinToBoard, index) === 0)) {
      return because('unsaved');
    }
    return { pin, index };
  });
}

/**
 * Where a pin stands that nothing left out. `reason` is why it could be recommended, for one that was not found; undefined
 * for a query without pins.
 */
export function absenceOf(
  pin: string,
  traced: TracedPin,
  { limit }: RecommendationRequest,
  isTruncated: boolean,
  reason: () => RecommendationReason | undefined,
): Absence {
  switch (traced.place) {
    case 'listed': {
      const { rank, score } = traced;
      return { pin, cause: 'listed', rank, score, text: `it is item ${rank} of the list` };
    }
    case 'beyond-limit': {
      const { rank, score } = traced;
      return {
        pin,
        cause: 'beyond-limit',
        rank,
        score,
        text: `it would be item ${rank}; the limit is ${limit}`,
      };
    }
    case 'beyond-pool': {
      const { rank, score, poolSize } = traced;
      const text = `it is candidate ${rank}; hubCorrection and diversity look at the first ${poolSize}`;
      return { pin, cause: 'beyond-limit', rank, score, text };
    }
    case 'below-relevance': {
      const { score, lowest } = traced;
      const text = `its score of ${score.toPrecision(3)} is below ${lowest.toPrecision(3)}, the least that minRelevance allows`;
      return { pin, cause: 'below-relevance', score, text };
    }
    case 'not-found': {
      const found = reason();
      if (found === undefined) {
        return { pin, cause: 'not-reached', text: 'no save of it counts within windowDays' };
      }
      const { via, bridge, text, saves } = found;
      if (via.length === 0 && bridge === undefined) {
        const cause = saves === 0 ? 'unsaved' : 'no-path';
        return { pin, cause, text: meaningOf(cause) };
      }
      const why = isTruncated
        ? 'the request ended at its limit of work before'
        : 'the algorithm did not reach it';
      return { pin, cause: 'not-reached', text: `${why}, though it is ${text}` };
    }
    default:
      return traced;
  }
}

function meaningOf(cause: Absence['cause']): string {
  return absenceCauses[cause].replaceAll('`', '');
}

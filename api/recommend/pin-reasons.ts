import type { Work } from '../../engine/base/index.ts';
import { withStandIns } from '../../engine/content/index.ts';
import { type ReasonScratch, createReasonScratch, findReasons } from '../../engine/explain/index.ts';
import type { PinIndex } from '../../engine/graph/index.ts';
import type { Query } from '../../engine/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import type { RecommendationReason, RecommendationRequest } from '../contract/index.ts';
import { ContentReasons } from './content-reasons.ts';

/** Why pins are recommended, in words, on one set of scratch arrays. */
export class PinReasons {
  readonly scratch: ReasonScratch = createReasonScratch();
  readonly #contentReasons: ContentReasons;

  constructor(store: Store) {
    this.#contentReasons = new ContentReasons(store);
  }

  /** One for each pin; the query has pins. O(boards of the query pins and of these). */
  of(
    snapshot: LoadedSnapshot,
    { pipeline }: RecommendationRequest,
    query: Query,
    pins: readonly PinIndex[],
    work: Work,
  ): RecommendationReason[] {
    const { graph } = snapshot;
    const isSpecific = pipeline.score.specificity > 0;
    const content = pipeline.candidates.virtualWeight > 0 ? snapshot.content : undefined;
    const walked = content === undefined ? query : withStandIns(graph, content, query);
    const reasons = findReasons(graph, walked, pins, this.scratch, work);
    return pins.map((pin, i) => this.#contentReasons.of(snapshot, pin, reasons[i]!, { query, content, isSpecific, work }));
  }
} // prettier-ignore

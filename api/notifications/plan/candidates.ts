import { Work } from '../../../engine/base/index.ts';
import type { Query } from '../../../engine/index.ts';
import { numberOfKey } from '../../../engine/random/index.ts';
import type { LoadedSnapshot, Store } from '../../../graph-data/index.ts';
import { Problem } from '../../base/index.ts';
import type {
  RecommendationReason,
  RecommendationRequest,
  RecommendationResult,
} from '../../contract/index.ts';
import {
  type ModelSource,
  PinReasons,
  type Recommender,
  type ServedInterests,
} from '../../recommend/index.ts';
import type { FreshPins } from './fresh-pins.ts';

/** A pin that may be sent to a person. */
export interface Candidate {
  readonly pin: string;
  /** `feed`: the pipeline found it; `popular`: it did, for a person without saves. */
  readonly source: 'feed' | 'popular' | 'interest' | 'board';
  /** Of the pipeline; 0 if it has not found the pin. */
  readonly score: number;
  /** The same in standard deviations from the mean of the list, within 2. */
  readonly walkScore: number;
  /** Of the action, by the model of the pipeline. */
  readonly probability: number | undefined;
  /** The interest of the pin as a number; 0 if it has none. */
  readonly topic: number;
  /** Id of the interest or key of the board that it comes from. */
  readonly of?: string | undefined;
}

/** The pins of a person, best first as the pipeline has them, and by what. */
export interface Candidates {
  readonly list: readonly Candidate[];
  /** Why the pipeline found a pin; undefined if it has not, or for a person without saves. */
  readonly reasonOf: (candidate: Candidate) => RecommendationReason | undefined;
  readonly graphVersion: string;
  readonly modelVersion: string | undefined;
}

interface CandidateDeps {
  readonly store: Store;
  readonly snapshot: LoadedSnapshot;
  readonly served: ServedInterests;
  readonly recommender: Recommender;
  readonly models: ModelSource;
  readonly fresh: FreshPins;
  /** The request of every person; the query replaces this one. */
  readonly request: RecommendationRequest;
}

const spread = 2;

/** Retrieves the pins of a person by the pipeline that serves the feed, and adds fresh ones that it has not found. */
export class CandidateSource {
  /** Topics that a candidate may have. */
  readonly topics: readonly number[];
  readonly #deps: CandidateDeps;
  readonly #reasons: PinReasons;

  constructor(deps: CandidateDeps) {
    this.#deps = deps;
    this.topics = [0, ...deps.served.tree.interests.map(({ id }) => numberOfKey(id))];
    this.#reasons = new PinReasons(deps.store);
  }

  /** Whether a model says how probable a click on each candidate is. */
  get isByModel(): boolean {
    return this.#deps.request.pipeline.score.model !== '';
  }

  /** Whether the graph has the person. */
  knows(user: string): boolean {
    return this.#deps.store.indexOf('users', user) !== undefined;
  }

  /**
   * `left`: pins that are left out, by `numberOfKey`. Undefined if the graph does not have the person. In one transaction: hundreds of keys are
   * looked up, and each takes a fourth of the time there.
   */
  of(user: string, surface: string, left: ReadonlySet<number>): Candidates | undefined {
    return this.#deps.store.atOnce(() => this.#of(user, surface, left));
  }

  #of(user: string, surface: string, left: ReadonlySet<number>): Candidates | undefined {
    const { store, snapshot, recommender, request } = this.#deps;
    const own = { ...request, query: [{ user, weight: 1 }], audience: { user, surface } };
    let found: RecommendationResult;
    let query: Query | undefined;
    try {
      const onResolved = (resolved: { readonly query: Query }): void => void (query = resolved.query);
      found = recommender.recommend(snapshot, own, { leftOut: left, onResolved });
    } catch (error) {
      if (error instanceof Problem && error.code === 'unknown-user') return undefined;
      throw error;
    }
    const source = found.fallback === null ? 'feed' : 'popular';
    const walkScoreOf = standardized(found.items.map(({ score }) => score));
    const hasTopics = this.#deps.served.tree.interests.length > 0;
    const walked = found.items.map(({ pin = '', score, probability }, i): Candidate => {
      const topic = hasTopics ? this.#topicOf(store.indexOf('pins', pin)) : 0;
      return { pin, source, score, walkScore: walkScoreOf[i]!, probability, topic };
    });
    const fresh = this.#fresh(user, surface, walked, left);
    const modelVersion = found.model?.version;
    return {
      list: [...walked, ...fresh],
      reasonOf: ({ source: by, pin }) => (by === 'feed' ? this.#reasonOf(pin, query!) : undefined),
      graphVersion: found.graphVersion,
      modelVersion,
    };
  }

  /** The reason for one pin: few of the retrieved pins are sent. */
  #reasonOf(pin: string, query: Query): RecommendationReason | undefined {
    const { store, snapshot, request } = this.#deps;
    const index = store.indexOf('pins', pin);
    if (index === undefined || query.pins.length === 0) return undefined;
    return this.#reasons.of(snapshot, request, query, [index], new Work())[0];
  }

  #fresh(
    user: string,
    surface: string,
    walked: readonly Candidate[],
    left: ReadonlySet<number>,
  ): Candidate[] {
    const { store, fresh, request, models } = this.#deps;
    const index = store.indexOf('users', user);
    if (index === undefined) return [];
    const taken = new Set(walked.map(({ pin }) => pin));
    const keyOf = (pin: number): string | undefined => store.keyAt('pins', pin);
    const isOut = (pin: number): boolean => {
      const key = keyOf(pin);
      return key === undefined || taken.has(key) || left.has(numberOfKey(key));
    };
    const found = fresh.of(index, isOut).flatMap((each) => {
      const key = keyOf(each.pin);
      return key === undefined ? [] : [{ ...each, key }];
    });
    if (found.length === 0) return [];
    const label = request.pipeline.score.model;
    const probabilities =
      label === ''
        ? undefined
        : models.scores(label, {
            user,
            surface,
            pipeline: request.algorithm,
            pins: Float64Array.from(found, ({ key }) => numberOfKey(key)),
            scores: new Float64Array(found.length),
          }).probabilities;
    return found.map(({ key, pin, source, of }, i) => ({
      pin: key,
      source,
      of,
      score: 0,
      walkScore: 0,
      probability: probabilities?.[i],
      topic: this.#topicOf(pin),
    }));
  }

  /** By the id of the interest, which stays from build to build. */
  #topicOf(pin: number | undefined): number {
    const { served } = this.#deps;
    const place = pin === undefined ? -1 : served.index.of(pin);
    return place < 0 ? 0 : numberOfKey(served.tree.interests[place]!.id);
  }
}

function standardized(scores: readonly number[]): number[] {
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const deviation = Math.sqrt(scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length);
  return scores.map((score) =>
    deviation > 0 ? Math.max(-spread, Math.min(spread, (score - mean) / deviation)) : 0,
  );
}

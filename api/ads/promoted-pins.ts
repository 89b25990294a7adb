import {
  type CampaignTarget,
  type PromotedMatch,
  type TopicTree,
  TargetIndex,
} from '../../engine/ads/index.ts';
import { nodeCount } from '../../engine/graph/index.ts';
import type { ScoredPin } from '../../engine/rank/index.ts';
import type { DataFolder } from '../../graph-data/base/index.ts';
import { type CampaignSettings, CampaignFollower } from '../../graph-data/campaigns/index.ts';
import type { Store } from '../../graph-data/database/index.ts';
import type { LoadedSnapshot } from '../../graph-data/snapshot/index.ts';
import { InterestCatalog, type ServedInterests } from '../recommend/index.ts';
import { type PromotableList, nothingPromotable } from './promotable-list.ts';
import { SearchTerms } from './search-terms.ts';

interface MatchRequest {
  readonly snapshot: LoadedSnapshot;
  /** The pins that the walk found, best first, without pins that the person must not see. */
  readonly visited: readonly ScoredPin[];
  /** Pins that the request is about. */
  readonly queryPins: ArrayLike<number>;
  /** Length of the list: pins that the walk ranks no lower than its last one are fully relevant. */
  readonly limit: number;
  readonly surface: string;
  /** The search text; empty without a search. */
  readonly text: string;
  readonly minRelevance: number;
  readonly explain: boolean;
  readonly isExcluded: (pin: number) => boolean;
}

/** Matches of one list that go into its auction. */
const matchesMax = 50;
/** Pins of each target board that count. */
const boardPinsMax = 100;
/** Surfaces whose campaigns are remembered. */
const surfacesMax = 100;

interface Indexed {
  readonly version: number;
  readonly served: ServedInterests;
  readonly index: TargetIndex;
  readonly terms: SearchTerms;
  /** By dense index. */
  readonly campaigns: readonly (readonly [number: number, settings: CampaignSettings])[];
  /** Bids of the campaigns of a surface, by surface. */
  readonly weights: Map<string, Float64Array>;
}

/**
 * Finds the promoted pins of requests, in a thread that walks. The index is made with the first request that has promoted slots while there
 * are campaigns, and again when they or the graph change; later saves on target boards count with the next graph. O(pins of the graph)
 * once a snapshot, about 50 ns each; then O(pins of all campaigns).
 */
export class PromotedPins {
  readonly #store: Store;
  readonly #follower: CampaignFollower;
  readonly #catalog: () => InterestCatalog;
  #indexed: Indexed | undefined;
  #tree: { readonly served: ServedInterests; readonly topics: TopicTree } | undefined;
  /** In the graph of the tree: changed campaigns have other settings. */
  #targets = new WeakMap<CampaignSettings, CampaignTarget>();

  constructor(folder: DataFolder, store: Store, now: () => number) {
    this.#store = store;
    this.#follower = new CampaignFollower(folder);
    let catalog: InterestCatalog | undefined;
    // The main thread reports faults of the file.
    this.#catalog = () => (catalog ??= new InterestCatalog(folder, now, () => undefined));
  }

  /** The best by relevance × bid. Throws what reading campaigns and interests throws. */
  match(request: MatchRequest): PromotableList {
    const { snapshot, visited, queryPins, limit, surface, text, minRelevance, explain, isExcluded } = request;
    this.#follower.catchUp();
    const reference = visited[Math.min(limit, visited.length) - 1]?.score ?? 0;
    if (this.#follower.campaigns.size === 0 || !(reference > 0)) return nothingPromotable;
    const indexed = this.#current(snapshot);
    const { index, campaigns, served, terms } = indexed;
    const weights = weightsOf(indexed, surface);
    const found = arraysOf(visited);
    const wanted = text === '' ? [] : terms.campaignsOf(text);
    const matchesOf = (bids: Float64Array): PromotedMatch[] => {
      const options = { weights: bids, reference, minRelevance, limit: matchesMax, queryPins, wanted };
      return index.match(found, options).filter(({ pin }) => !isExcluded(pin));
    };
    const matches = matchesOf(weights);
    const isPaused = explain && campaigns.some(([, settings]) => settings.paused);
    const pausedMatches = isPaused ? matchesOf(bidsOn(surface, campaigns, isPaused)) : [];
    const paused = new Set(pausedMatches.map(({ campaign }) => campaign)).size;
    if (matches.length === 0) return { ...nothingPromotable, paused };
    const count = matches.length;
    const [numbers, pins] = [new Int32Array(count), new Int32Array(count)];
    const [relevances, scores] = [new Float64Array(count), new Float64Array(count)];
    for (let i = 0; i < count; i++) {
      const { campaign, pin, relevance } = matches[i]!;
      numbers[i] = campaigns[campaign]![0];
      pins[i] = pin;
      relevances[i] = relevance;
      scores[i] = visited[found.pins.indexOf(pin)]?.score ?? 0;
    }
    const interest = served.tree.interests[index.mainTopic(found)]?.id ?? '';
    return { campaigns: numbers, pins, relevances, scores, interest, paused };
  }

  close(): void {
    this.#follower.close();
  }

  #current(snapshot: LoadedSnapshot): Indexed {
    const { version } = this.#follower;
    const served = this.#catalog().of(snapshot);
    const last = this.#indexed;
    if (last?.version === version && last.served === served) return last;
    const topics = this.#topicsOf(snapshot, served);
    const campaigns = [...this.#follower.campaigns].toSorted(([a], [b]) => a - b);
    const targets = campaigns.map(([, settings]) => this.#targetOf(settings, served));
    const index = new TargetIndex(targets, topics);
    const terms = new SearchTerms(campaigns.map(([, settings]) => settings.targets.searchTerms));
    return (this.#indexed = { version, served, index, terms, campaigns, weights: new Map() });
  }

  #targetOf(settings: CampaignSettings, served: ServedInterests): CampaignTarget {
    const known = this.#targets.get(settings);
    if (known !== undefined) return known;
    const { pins, boards, interests, searchTerms, excludeInterests } = settings.targets;
    const target = {
      pins: this.#indexesOf(settings.pins),
      topics: placesOf(served, interests),
      seedPins: [...this.#indexesOf(pins), ...boards.flatMap((board) => this.#pinsOn(board))],
      isByName: searchTerms.length > 0,
      excludedTopics: placesOf(served, excludeInterests),
    };
    this.#targets.set(settings, target);
    return target;
  }

  #topicsOf({ graph }: LoadedSnapshot, served: ServedInterests): TopicTree {
    if (this.#tree?.served === served) return this.#tree.topics;
    const { tree, index } = served;
    const places = new Map(tree.interests.map(({ id }, place) => [id, place]));
    const topics = {
      parents: Int32Array.from(tree.interests, ({ parent }) => (parent === null ? -1 : places.get(parent)!)),
      ofPin: Int32Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => index.of(pin)),
    };
    this.#tree = { served, topics };
    this.#targets = new WeakMap();
    return topics;
  }

  /** The indexes of the pins that still exist. */
  #indexesOf(keys: readonly string[]): number[] {
    return keys.flatMap((key) => this.#store.indexOf('pins', key) ?? []);
  }

  #pinsOn(key: string): number[] {
    const board = this.#store.indexOf('boards', key);
    if (board === undefined) return [];
    return this.#store
      .savesOn(board)
      .slice(0, boardPinsMax)
      .map(({ pin }) => pin);
  }
}

/** Numbers, which a request passes several times. */
function arraysOf(visited: readonly ScoredPin[]): {
  readonly count: number;
  readonly pins: Int32Array;
  readonly scores: Float64Array;
} {
  const [pins, scores] = [new Int32Array(visited.length), new Float64Array(visited.length)];
  for (let i = 0; i < visited.length; i++) {
    const { pin, score } = visited[i]!;
    pins[i] = pin;
    scores[i] = Math.max(0, score);
  }
  return { count: visited.length, pins, scores };
}

function weightsOf({ campaigns, weights }: Indexed, surface: string): Float64Array {
  const known = weights.get(surface);
  if (known !== undefined) return known;
  const own = bidsOn(surface, campaigns, false);
  if (weights.size >= surfacesMax) weights.clear();
  weights.set(surface, own);
  return own;
}

/** Of the campaigns on a surface that run, or that are paused; 0 for the others. */
function bidsOn(surface: string, campaigns: Indexed['campaigns'], isPaused: boolean): Float64Array {
  return Float64Array.from(campaigns, ([, { paused, surfaces, bid }]) =>
    paused !== isPaused || (surfaces.length > 0 && !surfaces.includes(surface)) ? 0 : bid.micros,
  );
}

/** The places of the interests that the graph still has. */
function placesOf({ tree }: ServedInterests, ids: readonly string[]): number[] {
  return ids.flatMap((id) => tree.placeOf(id) ?? []);
}

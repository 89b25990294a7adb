import { check } from '../base/index.ts';
import { BestMatches, type PromotedMatch } from './best-matches.ts';
import { PinEntries, type Rows, rowsOf, transposed } from './pin-entries.ts';
import { type TopicTree, checkTree, withoutLower } from './topic-tree.ts';

/** Whom a campaign is for. */
export interface CampaignTarget {
  /** Promoted pins. */
  readonly pins: readonly number[];
  /** Topics: a person or a page is in the audience as far as they are about these, or about what lies below them. */
  readonly topics: readonly number[];
  /** "People who would save these": in the audience as far as the walk reaches them. */
  readonly seedPins: readonly number[];
  /** Whether it is also for requests that `wanted` names it for, such as by a search term: without other targets, for these alone. */
  readonly isByName?: boolean;
  /** Not shown where these have a notable share. */
  readonly excludedTopics: readonly number[];
}

/** The pins that a walk, or another retrieval, found for a request, in any order; each once. */
interface Visited {
  readonly count: number;
  readonly pins: ArrayLike<number>;
  /** From 0. */
  readonly scores: ArrayLike<number>;
}

interface MatchOptions {
  /**
   * By campaign: a guess of its payment for an impression, such as its bid, in any unit; 0 leaves it out. Decides, times relevance, which matches are kept. An
   * array of the caller that stays as it is: what follows from it is kept.
   */
  readonly weights: ArrayLike<number>;
  /** The score of an undoubtedly relevant pin, such as the last pin of the list; above 0. */
  readonly reference: number;
  readonly minRelevance: number;
  /** Matches at most. */
  readonly limit: number;
  /** Pins that the request is about, which no walk returns: a seed pin among them is reached without doubt. Default: none. */
  readonly queryPins?: ArrayLike<number> | undefined;
  /** Campaigns that the request is for without doubt, such as by a search term. Default: none. */
  readonly wanted?: readonly number[] | undefined;
  /** Pins that are not promoted to this person, such as those that they saved or hid. */
  readonly excludedPins?: ReadonlySet<number>;
}

/** A campaign with targets is left out where its audience is smaller. */
const audienceMin = 0.02;
/** A campaign is left out where a topic that it excludes has a larger share of the found pins. */
const excludedShareMax = 0.1;

/**
 * Finds the campaigns of a request by the pins that its walk visited. The index is a few typed arrays whose size depends on the
 * campaigns' targets, not on the graph; it is built when campaigns change. A request passes its visited pins once, then the topics that they are
 * about, then the pins of the campaigns that either may support. Of those that only a topic supports, it looks at the dearest, until no
 * other can be among the best. O(visited + topics + pins of these campaigns).
 *
 * Two questions are kept apart. Whether the advertiser wants the request is the **audience**: the share of the found pins, by score,
 * that lies in the campaign's topics, or the scores of its seed pins divided by `reference`, whichever is more; a campaign without targets
 * wants all requests. Whether a promoted pin suits the request is its **relevance** 1 − (1 − walk)(1 − interest): `walk` is its own score
 * divided by `reference`, at most 1; `interest` the share of the found pins in the pin's topic, or, for a pin without one, in the
 * campaign's topics. Bids change neither.
 */
export class TargetIndex {
  readonly #tree: TopicTree;
  readonly #entries: PinEntries;
  readonly #campaigns: number;
  /** By campaign: entries of its pins, topics without those below others, seed entries, excluded topics. */
  readonly #pins: Rows;
  readonly #topics: Rows;
  readonly #seeds: Rows;
  readonly #excluded: Rows;
  /** By entry: the campaigns that promote it. */
  readonly #ofPin: Rows;
  /** By topic: the campaigns with a pin of it, and campaigns that target the topic with a pin that has none. */
  readonly #ofTopic: Rows;
  readonly #ofTarget: Rows;
  readonly #byWeight = new WeakMap<ArrayLike<number>, Int32Array>();
  /** By entry: its topic. */
  readonly #topicOf: Int32Array;
  /** By campaign: whether it has no target, and so is for all requests. */
  readonly #isForAll: Uint8Array;
  /** Of the request. */
  readonly #scores: Float64Array;
  readonly #shares: Float64Array;
  readonly #isWanted: Uint8Array;

  /** Throws `invalid-parameter` for topics outside the tree. O(pins and topics of all campaigns). */
  constructor(campaigns: readonly CampaignTarget[], tree: TopicTree) {
    const topicCount = tree.parents.length;
    checkTree(tree);
    for (const { pins, topics, excludedTopics, seedPins } of campaigns) {
      checkIndexes([...topics, ...excludedTopics], topicCount, 'topics');
      checkIndexes([...pins, ...seedPins], 2 ** 31, 'pins');
    }
    this.#tree = tree;
    this.#campaigns = campaigns.length;
    const entries = new PinEntries(campaigns.flatMap(({ pins, seedPins }) => [...pins, ...seedPins]));
    this.#entries = entries;
    this.#topicOf = entries.pins.map((pin) => tree.ofPin[pin] ?? -1);
    const entryRows = (of: (target: CampaignTarget) => readonly number[]): Rows =>
      rowsOf(campaigns.map((target) => [...new Set(of(target))].map((pin) => entries.of(pin))));
    this.#pins = entryRows(({ pins }) => pins);
    this.#seeds = entryRows(({ seedPins }) => seedPins);
    this.#topics = rowsOf(campaigns.map(({ topics }) => withoutLower(topics, tree.parents)));
    this.#excluded = rowsOf(campaigns.map(({ excludedTopics }) => excludedTopics));
    const [ofPins, ofNewPins]: number[][][] = [[], []];
    for (const { pins, topics } of campaigns) {
      const own = pins.map((pin) => tree.ofPin[pin] ?? -1);
      ofPins!.push(withoutLower(own.filter((topic) => topic >= 0), tree.parents)); // prettier-ignore
      ofNewPins!.push(own.some((topic) => topic < 0) ? withoutLower(topics, tree.parents) : []);
    }
    this.#ofPin = transposed(this.#pins, entries.pins.length);
    this.#ofTopic = transposed(rowsOf(ofPins!), topicCount);
    this.#ofTarget = transposed(rowsOf(ofNewPins!), topicCount);
    this.#scores = new Float64Array(entries.pins.length);
    this.#shares = new Float64Array(topicCount);
    this.#isWanted = new Uint8Array(campaigns.length);
    this.#isForAll = Uint8Array.from(campaigns, ({ topics, seedPins, isByName = false }) =>
      topics.length === 0 && seedPins.length === 0 && !isByName ? 1 : 0,
    );
  }

  /** The topic with the largest share of the found pins, by score, ties to the smaller one; -1 if none has a topic. O(visited + topics). */
  mainTopic({ count, pins, scores }: Visited): number {
    const [shares, { ofPin }] = [this.#shares, this.#tree];
    shares.fill(0);
    let main = -1;
    for (let i = 0; i < count; i++) {
      const topic = ofPin[pins[i]!] ?? -1;
      if (topic >= 0) shares[topic]! += Math.max(0, scores[i]!);
    }
    for (let topic = 0; topic < shares.length; topic++)
      if (shares[topic]! > (main < 0 ? 0 : shares[main]!)) main = topic;
    return main;
  }

  /** The best matches by relevance × weight, best first; ties to the smaller campaign, then pin. Throws `invalid-parameter`. */
  match(visited: Visited, options: MatchOptions): PromotedMatch[] {
    const { weights, reference, minRelevance, limit, queryPins = [], wanted = [], excludedPins } = options;
    check(weights.length === this.#campaigns, 'weights', `are not those of ${this.#campaigns} campaigns`);
    check(reference > 0, 'reference', `${reference} is not a positive score`);
    const best = new BestMatches(limit);
    const found = this.#read(visited);
    this.#reach(queryPins, reference, found);
    for (const campaign of wanted) this.#isWanted[campaign] = 1;
    /** A pin of a campaign, which is relevant by `walk` and `interest`. What most pins fail comes first. */
    const offer = (campaign: number, entry: number, walk: number, interest: number): void => {
      const relevance = relevanceOf(walk, interest);
      const value = relevance * weights[campaign]!;
      const pin = this.#entries.pins[entry]!;
      if (relevance < minRelevance || !(value > 0) || !best.isRoomFor(value, campaign, pin)) return;
      if (excludedPins?.has(pin) === true || this.#isExcluded(campaign)) return;
      const audience = this.#audience(campaign, reference);
      if (audience >= audienceMin) best.add({ campaign, pin, walk, interest, audience, relevance }, value);
    };
    for (const entry of found) {
      const walk = Math.min(1, this.#scores[entry]! / reference);
      const topic = this.#topicOf[entry]!;
      if (topic >= 0 && relevanceOf(walk, this.#shares[topic]!) < minRelevance) continue;
      const { offsets, values } = this.#ofPin;
      // Without a closure for each entry: 3 to 9 µs less a request (docs/promoted-pins-study.md).
      for (let at = offsets[entry]!; at < offsets[entry + 1]!; at++)
        offer(values[at]!, entry, walk, topic < 0 ? this.#inTopics(values[at]!) : this.#shares[topic]!);
    }
    this.#offerByTopic({ weights, minRelevance }, best, offer);
    for (const entry of found) this.#scores[entry] = 0;
    for (const campaign of wanted) this.#isWanted[campaign] = 0;
    return best.drain();
  }

  /** Takes in the found pins: the scores of entries, and the shares of topics. Returns the entries with a score. */
  #read({ count, pins, scores }: Visited): number[] {
    const [shares, entryScores, { parents, ofPin }] = [this.#shares, this.#scores, this.#tree];
    const found: number[] = [];
    shares.fill(0);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const score = scores[i]!;
      if (!(score > 0)) continue;
      const pin = pins[i]!;
      sum += score;
      const topic = pin < ofPin.length ? ofPin[pin]! : -1;
      if (topic >= 0) shares[topic]! += score;
      const entry = this.#entries.of(pin);
      if (entry < 0) continue;
      entryScores[entry] = score;
      found.push(entry);
    }
    // Topics come after the one above, so those below are complete by then.
    for (let topic = shares.length - 1; topic >= 0; topic--) {
      const share = shares[topic]!;
      if (share === 0) continue;
      const parent = parents[topic]!;
      if (parent >= 0) shares[parent]! += share;
      shares[topic] = Math.min(1, share / sum);
    }
    return found;
  }

  /** Offers pins that were not visited: those of a topic with a share that suffices alone, and those without a topic. */
  #offerByTopic(
    { weights, minRelevance }: Pick<MatchOptions, 'weights' | 'minRelevance'>,
    best: BestMatches,
    offer: (campaign: number, entry: number, walk: number, interest: number) => void,
  ): void {
    const dearest = { ...this.#ofTopic, values: this.#dearestFirst(weights) };
    // Of each campaign once.
    const [ofTopics, ofTargets] = [new Set<number>(), new Set<number>()];
    for (let topic = 0; topic < this.#shares.length; topic++) {
      // A rounding error must not hide a pin that is at the minimum, nor one that is as good as the last that is kept.
      const share = this.#shares[topic]! * (1 + 1e-9);
      if (share === 0) continue;
      this.#each(this.#ofTarget, topic, (campaign) => ofTargets.add(campaign));
      if (share < minRelevance) continue;
      this.#each(dearest, topic, (campaign) => {
        // Its pins of this topic, and of those below, have no more, and the campaigns after it weigh less.
        if (share * weights[campaign]! < best.least) return false;
        if (ofTopics.has(campaign)) return true;
        ofTopics.add(campaign);
        this.#each(this.#pins, campaign, (entry) => {
          const own = this.#topicOf[entry]!;
          if (own >= 0 && this.#scores[entry] === 0) offer(campaign, entry, 0, this.#shares[own]!);
        });
        return true;
      });
    }
    for (const campaign of ofTargets) {
      const interest = this.#inTopics(campaign);
      this.#each(this.#pins, campaign, (entry) => {
        if (this.#topicOf[entry]! < 0 && this.#scores[entry] === 0) offer(campaign, entry, 0, interest);
      });
    }
  }

  /** The values of `#ofTopic`, by weight in each row: a request takes the first few of a topic with a thousand. O(n log n) once for each `weights`. */
  #dearestFirst(weights: ArrayLike<number>): Int32Array {
    const known = this.#byWeight.get(weights);
    if (known !== undefined) return known;
    const { offsets, values } = this.#ofTopic;
    const sorted = values.slice();
    for (let topic = 0; topic + 1 < offsets.length; topic++) {
      const row = sorted.subarray(offsets[topic], offsets[topic + 1]);
      row.sort((a, b) => weights[b]! - weights[a]! || a - b);
    }
    this.#byWeight.set(weights, sorted);
    return sorted;
  }

  /** Gives query pins the score that is relevant without doubt, and adds their entries to those found. */
  #reach(queryPins: ArrayLike<number>, reference: number, found: number[]): void {
    for (let i = 0; i < queryPins.length; i++) {
      const entry = this.#entries.of(queryPins[i]!);
      if (entry < 0) continue;
      if (this.#scores[entry] === 0) found.push(entry);
      this.#scores[entry] = Math.max(this.#scores[entry]!, reference);
    }
  }

  /** Calls `visit` with each value of a row, until it returns false. */
  #each({ offsets, values }: Rows, row: number, visit: (value: number) => unknown): void {
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) if (visit(values[at]!) === false) return;
  }

  #inTopics(campaign: number): number {
    return Math.min(1, sumAt(this.#topics, campaign, this.#shares));
  }

  #audience(campaign: number, reference: number): number {
    return this.#isForAll[campaign] === 1 || this.#isWanted[campaign] === 1
      ? 1
      : Math.max(
          this.#inTopics(campaign),
          Math.min(1, sumAt(this.#seeds, campaign, this.#scores) / reference),
        );
  }

  #isExcluded(campaign: number): boolean {
    const { offsets, values } = this.#excluded;
    for (let at = offsets[campaign]!; at < offsets[campaign + 1]!; at++)
      if (this.#shares[values[at]!]! > excludedShareMax) return true;
    return false;
  }
}

function relevanceOf(walk: number, interest: number): number {
  return 1 - (1 - walk) * (1 - interest);
}

function sumAt({ offsets, values }: Rows, row: number, of: Float64Array): number {
  let sum = 0;
  for (let at = offsets[row]!; at < offsets[row + 1]!; at++) sum += of[values[at]!]!;
  return sum;
}

function checkIndexes(indexes: readonly number[], limit: number, field: string): void {
  const wrong = indexes.find((index) => !Number.isInteger(index) || index < 0 || index >= limit);
  check(wrong === undefined, field, `${wrong} is not an integer in [0, ${limit})`);
}

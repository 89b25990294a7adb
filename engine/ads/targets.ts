import { check } from '../base/index.ts';
import { BestMatches } from './best-matches.ts';
import type { CampaignTarget, MatchOptions, PromotedMatch, Visited } from './match-types.ts';
import { PinEntries, type Rows, rowsOf, sumAt, transposed } from './pin-entries.ts';
import { type TopicTree, checkTree, withoutLower } from './topic-tree.ts';

/** A request, and its matches so far. */
type Matching = Pick<MatchOptions, 'weights' | 'reference' | 'minRelevance' | 'excludedPins'> & {
  readonly best: BestMatches;
};

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
  /** The entries with a score. */
  readonly #found: Int32Array;
  #foundCount = 0;
  /** By campaign: the last requests, counted, that found it by a target, and by a topic. */
  readonly #markedAs: Float64Array;
  #marks = 0;

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
    this.#found = new Int32Array(entries.pins.length);
    this.#markedAs = new Float64Array(2 * campaigns.length);
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
    const matching = { best: new BestMatches(limit), weights, reference, minRelevance, excludedPins };
    this.#read(visited);
    this.#reach(queryPins, reference);
    for (const campaign of wanted) this.#isWanted[campaign] = 1;
    for (let i = 0; i < this.#foundCount; i++) {
      const entry = this.#found[i]!;
      const topic = this.#topicOf[entry]!;
      if (topic >= 0 && relevanceOf(this.#walkOf(entry, reference), this.#shares[topic]!) < minRelevance)
        continue;
      const { offsets, values } = this.#ofPin;
      for (let at = offsets[entry]!; at < offsets[entry + 1]!; at++)
        this.#offer(matching, values[at]!, entry);
    }
    this.#offerByTopic(matching);
    const matches = matching.best.drain((campaign, entry): PromotedMatch => {
      const walk = this.#walkOf(entry, reference);
      const interest = this.#interestOf(campaign, entry);
      const audience = this.#audience(campaign, reference);
      const pin = this.#entries.pins[entry]!;
      return { campaign, pin, walk, interest, audience, relevance: relevanceOf(walk, interest) };
    });
    for (let i = 0; i < this.#foundCount; i++) this.#scores[this.#found[i]!] = 0;
    for (const campaign of wanted) this.#isWanted[campaign] = 0;
    return matches;
  }

  /**
   * Keeps a pin of a campaign, if it is among the best, and may be. What most pins fail comes first. Objects, closures and numbers
   * for each pin were two thirds of what finding campaigns allocated (docs/promoted-pins-study.md).
   */
  #offer(
    { best, weights, reference, minRelevance, excludedPins }: Matching,
    campaign: number,
    entry: number,
  ): void {
    const relevance = relevanceOf(this.#walkOf(entry, reference), this.#interestOf(campaign, entry));
    const value = relevance * weights[campaign]!;
    if (relevance < minRelevance || !(value > 0) || !best.isRoomFor(value, campaign, entry)) return;
    if (excludedPins?.has(this.#entries.pins[entry]!) === true || this.#isExcluded(campaign)) return;
    if (this.#audience(campaign, reference) >= audienceMin) best.add(value, campaign, entry);
  }

  #walkOf(entry: number, reference: number): number {
    return Math.min(1, this.#scores[entry]! / reference);
  }

  #interestOf(campaign: number, entry: number): number {
    const topic = this.#topicOf[entry]!;
    return topic < 0 ? this.#inTopics(campaign) : this.#shares[topic]!;
  }

  /** Takes in the found pins: the scores of entries, and the shares of topics. */
  #read({ count, pins, scores }: Visited): void {
    const [shares, entryScores, { parents, ofPin }] = [this.#shares, this.#scores, this.#tree];
    shares.fill(0);
    this.#foundCount = 0;
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
      this.#found[this.#foundCount++] = entry;
    }
    // Topics come after the one above, so those below are complete by then.
    for (let topic = shares.length - 1; topic >= 0; topic--) {
      const share = shares[topic]!;
      if (share === 0) continue;
      const parent = parents[topic]!;
      if (parent >= 0) shares[parent]! += share;
      shares[topic] = Math.min(1, share / sum);
    }
  }

  /** Offers pins that were not visited: those of a topic with a share that suffices alone, and those without a topic. */
  #offerByTopic(matching: Matching): void {
    const { best, weights, minRelevance } = matching;
    const dearest = this.#dearestFirst(weights);
    const { offsets } = this.#ofTopic;
    // Of each campaign once.
    const mark = ++this.#marks;
    for (let topic = 0; topic < this.#shares.length; topic++) {
      // A rounding error must not hide a pin that is at the minimum, nor one that is as good as the last that is kept.
      const share = this.#shares[topic]! * (1 + 1e-9);
      if (share === 0) continue;
      for (let at = this.#ofTarget.offsets[topic]!; at < this.#ofTarget.offsets[topic + 1]!; at++) {
        const campaign = this.#ofTarget.values[at]!;
        if (this.#markedAs[2 * campaign] === mark) continue;
        this.#markedAs[2 * campaign] = mark;
        this.#offerUnvisited(matching, campaign, false);
      }
      if (share < minRelevance) continue;
      for (let at = offsets[topic]!; at < offsets[topic + 1]!; at++) {
        const campaign = dearest[at]!;
        // Its pins of this topic, and of those below, have no more, and the campaigns after it weigh less.
        if (share * weights[campaign]! < best.least) break;
        if (this.#markedAs[2 * campaign + 1] === mark) continue;
        this.#markedAs[2 * campaign + 1] = mark;
        this.#offerUnvisited(matching, campaign, true);
      }
    }
  }

  /** Offers those pins of a campaign that were not visited, with or without a topic. */
  #offerUnvisited(matching: Matching, campaign: number, hasTopic: boolean): void {
    const { offsets, values } = this.#pins;
    for (let at = offsets[campaign]!; at < offsets[campaign + 1]!; at++) {
      const entry = values[at]!;
      if (this.#topicOf[entry]! >= 0 !== hasTopic || this.#scores[entry] !== 0) continue;
      this.#offer(matching, campaign, entry);
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
  #reach(queryPins: ArrayLike<number>, reference: number): void {
    for (let i = 0; i < queryPins.length; i++) {
      const entry = this.#entries.of(queryPins[i]!);
      if (entry < 0) continue;
      if (this.#scores[entry] === 0) this.#found[this.#foundCount++] = entry;
      this.#scores[entry] = Math.max(this.#scores[entry]!, reference);
    }
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

function checkIndexes(indexes: readonly number[], limit: number, field: string): void {
  const wrong = indexes.find((index) => !Number.isInteger(index) || index < 0 || index >= limit);
  check(wrong === undefined, field, `${wrong} is not an integer in [0, ${limit})`);
}

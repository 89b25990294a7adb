import { check } from '../base/index.ts';
import { BestMatches, type PromotedMatch } from './best-matches.ts';
import { PinEntries, type Rows, rowsOf, transposed } from './pin-entries.ts';

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

/** Topics of the interest tree, and, below its leaves, communities of the graph if they are to be targets. */
export interface TopicTree {
  /** By topic: the one above, which has a smaller number; -1 for a root. */
  readonly parents: Int32Array;
  /** By pin: its finest topic; -1 for none. Pins beyond its end have none. */
  readonly ofPin: Int32Array;
}

/** What a walk, or another retrieval, found for a request, in any order; each pin once. */
interface Visited {
  readonly count: number;
  readonly pins: ArrayLike<number>;
  /** From 0. */
  readonly scores: ArrayLike<number>;
}

interface MatchOptions {
  /**
   * By campaign: what it would pay for an impression, at a guess, such as its bid, in any unit; 0 leaves it out. Decides, times relevance, which matches are kept.
   */
  readonly weights: ArrayLike<number>;
  /** A score that is relevant without doubt, such as that of the last pin of the answer; above 0. */
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
/** A campaign is left out where a topic that it excludes has more of what was found. */
const excludedShareMax = 0.1;

/**
 * Finds the campaigns of a request by what its walk visited. The index is a few typed arrays, of the size of what the campaigns
 * state, whatever the graph's; it is built when campaigns change. A request passes its visited pins once, then the topics that they are
 * about, then the pins of the campaigns that either may support. O(visited + topics + pins of these campaigns).
 *
 * Two questions are kept apart. Whether the advertiser wants the request is the **audience**: the share of what was found, by score,
 * that lies in the campaign's topics, or the scores of its seed pins by `reference`, whichever is more; a campaign without targets wants all. What
 * the request says of a promoted pin is its **relevance** 1 − (1 − walk)(1 − interest): `walk` is its own score by `reference`, at most 1;
 * `interest` the share of what was found that lies in the pin's topic, or, for a pin without one, in the campaign's topics. Bids change neither.
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
  /** By topic: the campaigns with a pin of it; and those with a pin without a topic that are for people of it. */
  readonly #ofTopic: Rows;
  readonly #ofTarget: Rows;
  /** By entry: its topic. */
  readonly #topicOf: Int32Array;
  /** By campaign: whether it has no target, and so is for all requests. */
  readonly #isForAll: Uint8Array;
  /** Of the request. */
  readonly #scores: Float64Array;
  readonly #shares: Float64Array;
  readonly #touched: Int32Array;
  readonly #isTouched: Uint8Array;
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
    this.#touched = new Int32Array(campaigns.length);
    this.#isTouched = new Uint8Array(campaigns.length);
    this.#isWanted = new Uint8Array(campaigns.length);
    this.#isForAll = Uint8Array.from(campaigns, ({ topics, seedPins, isByName = false }) =>
      topics.length === 0 && seedPins.length === 0 && !isByName ? 1 : 0,
    );
  }

  /** The topic that most of what was found is of, by score, ties to the smaller one; -1 if all is without a topic. O(visited + topics). */
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
    const touched = this.#touchAll(found, minRelevance);
    for (let i = 0; i < touched; i++) {
      const campaign = this.#touched[i]!;
      this.#isTouched[campaign] = 0;
      const weight = weights[campaign]!;
      if (!(weight > 0) || this.#isExcluded(campaign)) continue;
      const inTopics = Math.min(1, sumAt(this.#topics, campaign, this.#shares));
      const audience = this.#audience(campaign, inTopics, reference);
      if (audience < audienceMin) continue;
      const { offsets, values } = this.#pins;
      for (let at = offsets[campaign]!; at < offsets[campaign + 1]!; at++) {
        const entry = values[at]!;
        const pin = this.#entries.pins[entry]!;
        const topic = this.#topicOf[entry]!;
        const walk = Math.min(1, this.#scores[entry]! / reference);
        const interest = topic < 0 ? inTopics : this.#shares[topic]!;
        const relevance = 1 - (1 - walk) * (1 - interest);
        if (relevance < minRelevance || relevance === 0 || !best.isRoomFor(relevance * weight, campaign, pin)) continue; // prettier-ignore
        if (excludedPins?.has(pin) !== true) best.add({ campaign, pin, walk, interest, audience, relevance }, relevance * weight); // prettier-ignore
      }
    }
    for (const entry of found) this.#scores[entry] = 0;
    for (const campaign of wanted) this.#isWanted[campaign] = 0;
    return best.drain();
  }

  /** Takes in what was found: the scores of entries, and the shares of topics. Returns the entries with a score. */
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

  /**
   * Lists the campaigns with a pin that may be relevant enough: it was visited, or the share of its topic alone suffices. So the
   * many topics that a walk barely touches cost nothing. Returns how many there are.
   */
  #touchAll(found: readonly number[], minRelevance: number): number {
    // A rounding error below the minimum must not hide a pin that is at it.
    const shareMin = minRelevance * (1 - 1e-9);
    let touched = 0;
    for (const entry of found) touched = this.#touch(this.#ofPin, entry, touched);
    for (let topic = 0; topic < this.#shares.length; topic++) {
      const share = this.#shares[topic]!;
      if (share === 0) continue;
      if (share >= shareMin) touched = this.#touch(this.#ofTopic, topic, touched);
      touched = this.#touch(this.#ofTarget, topic, touched);
    }
    return touched;
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

  /** Adds the campaigns of a row to those touched; returns how many there are now. */
  #touch({ offsets, values }: Rows, row: number, already: number): number {
    let count = already;
    for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
      const campaign = values[at]!;
      if (this.#isTouched[campaign] === 1) continue;
      this.#isTouched[campaign] = 1;
      this.#touched[count++] = campaign;
    }
    return count;
  }

  #audience(campaign: number, inTopics: number, reference: number): number {
    return this.#isForAll[campaign] === 1 || this.#isWanted[campaign] === 1
      ? 1
      : Math.max(inTopics, Math.min(1, sumAt(this.#seeds, campaign, this.#scores) / reference));
  }

  #isExcluded(campaign: number): boolean {
    const { offsets, values } = this.#excluded;
    for (let at = offsets[campaign]!; at < offsets[campaign + 1]!; at++) {
      if (this.#shares[values[at]!]! > excludedShareMax) return true;
    }
    return false;
  }
}

function sumAt({ offsets, values }: Rows, row: number, of: Float64Array): number {
  let sum = 0;
  for (let at = offsets[row]!; at < offsets[row + 1]!; at++) sum += of[values[at]!]!;
  return sum;
}

/** Distinct topics, without those that lie below another: their share is part of its own. */
function withoutLower(topics: readonly number[], parents: Int32Array): number[] {
  const all = new Set(topics);
  return [...all].filter((topic) => {
    for (let at = parents[topic]!; at >= 0; at = parents[at]!) if (all.has(at)) return false;
    return true;
  });
}

function checkTree({ parents, ofPin }: TopicTree): void {
  check(parents.every((parent, topic) => parent >= -1 && parent < topic), 'parents', 'has a topic before the one above it'); // prettier-ignore
  check(ofPin.every((topic) => topic >= -1 && topic < parents.length), 'ofPin', 'names topics outside the tree'); // prettier-ignore
}

function checkIndexes(indexes: readonly number[], limit: number, field: string): void {
  const wrong = indexes.find((index) => !Number.isInteger(index) || index < 0 || index >= limit);
  check(wrong === undefined, field, `${wrong} is not an integer in [0, ${limit})`);
}

import { type Work, prices } from '../../engine/base/index.ts';
import { type PinContent, nearOf, wordAt } from '../../engine/content/index.ts';
import type { Reason } from '../../engine/explain/index.ts';
import { type PinIndex, degreeOf } from '../../engine/graph/index.ts';
import type { Query } from '../../engine/index.ts';
import { type PinText, pinTextReader, termsOf } from '../../graph-data/content/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import type { RecommendationReason } from '../contract/index.ts';
import { reasonOfPin } from './reason-texts.ts';

/** Words named in a reason, at most. */
const wordsMax = 3;

interface ReasonOptions {
  /** As it was given, without stand-ins. */
  readonly query: Query;
  /** What pins say, if it counts. */
  readonly content: PinContent | undefined;
  readonly isSpecific: boolean;
  readonly work: Work;
}

/** Reasons from the graph and from what pins say. */
export class ContentReasons {
  readonly #store: Store;
  readonly #textOf: (pin: PinIndex) => PinText | undefined;

  constructor(store: Store) {
    this.#store = store;
    this.#textOf = pinTextReader(store.database);
  }

  /** The boards that a pin shares with the query; for one that shares none, the pin that it is like. */
  of(
    snapshot: LoadedSnapshot,
    item: PinIndex,
    reason: Reason,
    { query, content, isSpecific, work }: ReasonOptions,
  ): RecommendationReason {
    const ofGraph = reasonOfPin(snapshot, item, reason, isSpecific, this.#store);
    if (content === undefined || reason.bridge !== undefined) return ofGraph;
    const queryPin = reason.via[0]?.queryPin;
    const standsFor = queryPin === undefined ? undefined : likeQuery(content, queryPin, query);
    if (queryPin !== undefined && standsFor === undefined) return ofGraph;
    if (standsFor !== undefined && likeQuery(content, item, query) === undefined) {
      return { ...ofGraph, text: `${ofGraph.text} (like ${this.#store.keyAt('pins', standsFor)})` };
    }
    work.count(2, prices.row);
    return { ...ofGraph, ...this.#likeness(snapshot, content, item, query) };
  }

  /**
   * The query pin that a pin is like, else the saved pin that it is most like; undefined if it is like neither.
   * Names only words that both pins have, never words of board titles.
   */
  #likeness(
    { graph, header }: LoadedSnapshot,
    content: PinContent,
    item: PinIndex,
    query: Query,
  ): Pick<RecommendationReason, 'like' | 'text'> | undefined {
    const hasVectors = header.options.content!.vectors.length > 0;
    const isSaved = (pin: PinIndex): boolean => degreeOf(graph.pinToBoard, pin) > 0;
    const other = likeQuery(content, item, query) ?? nearOf(content, item).pins.find(isSaved);
    const key = other === undefined ? undefined : this.#store.keyAt('pins', other);
    if (other === undefined || key === undefined) return undefined;
    // A pin that is newer than the build has no row: the other pin's row has the common words.
    const isBuilt = content.rows.starts[item + 1]! > content.rows.starts[item]!;
    const words = sharedWords(content, isBuilt ? item : other, this.#textOf(item), this.#textOf(other));
    return { like: { pin: key, words }, text: likenessText(key, words, hasVectors) };
  }
}

/** Pins without a word in common are alike by their vectors, or else by the titles of their boards. */
function likenessText(key: string, words: readonly string[], hasVectors: boolean): string {
  if (words.length > 0) return `same words as ${key}: ${words.join(', ')}`;
  return hasVectors ? `looks like ${key}` : `same words as ${key}`;
}

/** The query pin whose text is most like a pin's; undefined for a query pin itself. */
function likeQuery(content: PinContent, pin: PinIndex, query: Query): PinIndex | undefined {
  if (query.pins.includes(pin)) return undefined;
  const ofPin = nearOf(content, pin).pins;
  return query.pins.find((each) => ofPin.includes(each) || nearOf(content, each).pins.includes(pin));
}

/** Words of both texts, the most distinctive first, then the longest. */
function sharedWords(
  { rows, words }: PinContent,
  item: PinIndex,
  own: PinText | undefined,
  other: PinText | undefined,
): string[] {
  if (own === undefined || other === undefined) return [];
  const [ownTerms, otherTerms] = [new Set(termsOf(own)), new Set(termsOf(other))];
  const entries = Array.from(
    { length: (rows.starts[item + 1] ?? 0) - (rows.starts[item] ?? 0) },
    (_, i) => rows.starts[item]! + i,
  );
  return entries
    .map((at) => ({ word: wordAt(words, rows.columns[at]!), value: rows.values[at]! }))
    .filter(({ word }) => ownTerms.has(word) && otherTerms.has(word))
    .toSorted((a, b) => b.value - a.value || b.word.length - a.word.length)
    .map(({ word }) => word)
    .slice(0, wordsMax);
}

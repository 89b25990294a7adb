import {
  type SignalWeights,
  type TextHit,
  presetWeights,
  weightedSignals,
} from '../../engine/search/index.ts';
import type { FoundNode } from '../../graph-data/index.ts';
import { compareKeys, lastTier, scoreOf, tiersBy } from './rank-hits.ts';

/**
 * How much each signal counts in the score of a pin beside its words (BM25F over title, tags, text and titles of boards), which
 * count 1: each is relative to the best pin of the search, 0 to 1.
 */
export interface Blend extends SignalWeights {
  /** A walk from the best hits. */
  readonly walk: number;
  /** A walk from what the user saved. */
  readonly user: number;
}

/** Where an index has no weights of its own. */
export const defaultBlend: Blend = { ...presetWeights, walk: 0.5, user: 0.3 };

/**
 * The blend of an index. Its labels hardly have typos, and want more popularity than names with a typo do: where words were
 * corrected, it counts at most what it counts by default (docs/search.md).
 */
export function blendOf(ofIndex: SignalWeights | undefined, isCorrected: boolean): Blend {
  const blend = { ...defaultBlend, ...ofIndex };
  return isCorrected ? { ...blend, popularity: Math.min(blend.popularity, defaultBlend.popularity) } : blend;
}

/** What each signal says about a pin, 0 to 1. */
export type Signals = Readonly<Record<'words' | keyof Blend, number>>;

/** A pin that a search found. */
export interface PinCandidate {
  readonly pin: number;
  /** Absent for one that only the index of texts found. */
  readonly node?: FoundNode | undefined;
  readonly tier: number;
  readonly score: number;
  /** Whether only the walk from the hits found it. */
  readonly isWalked: boolean;
  readonly signals: Signals | undefined;
  readonly degree: number;
}

/** Hits by key, title and words from the database, and those of the text index. */
interface Found {
  readonly text: string;
  readonly nodes: ReadonlyMap<number, FoundNode>;
  /** bm25 of pins in the database relative to the best, by pin. */
  readonly closeness: ReadonlyMap<number, number>;
  /** Undefined without an index. */
  readonly hits: readonly TextHit[] | undefined;
  readonly degree: (pin: number) => number;
  /** Scores of walks by pin, relative to the best. */
  readonly walk?: ReadonlyMap<number, number> | undefined;
  readonly user?: ReadonlyMap<number, number> | undefined;
}

/**
 * Best first: tiers by key and title, as {@link tiersBy} has them, each by bm25 and popularity ({@link scoreOf}); the last one by
 * the weighted sum of the signals, where there is an index.
 */
export function blendPins(found: Found, blend: Blend): PinCandidate[] {
  const { nodes, closeness, degree, walk, user } = found;
  const tierOf = tiersBy(found.text);
  const hits = new Map(found.hits?.map((hit) => [hit.pin, hit]));
  const pins = [...new Set([...nodes.keys(), ...hits.keys(), ...(walk?.keys() ?? [])])];
  const most = Math.log1p(Math.max(1, ...pins.map(degree)));
  return pins
    .map((pin): PinCandidate => {
      const node = nodes.get(pin);
      const hit = hits.get(pin);
      const signals = {
        // A pin that is newer than the index is known by the words of the database alone.
        words: hit?.words ?? closeness.get(pin) ?? 0,
        content: hit?.content ?? 0,
        popularity: Math.log1p(degree(pin)) / most,
        walk: walk?.get(pin) ?? 0,
        user: user?.get(pin) ?? 0,
      };
      const tier = node === undefined ? lastTier : tierOf(node);
      // A person who types a key wants the popular pins that begin with it, whatever their words.
      const score =
        found.hits === undefined || tier < lastTier
          ? scoreOf(closeness.get(pin) ?? 0, degree(pin)) + walkWeight * (signals.walk + signals.user)
          : weighted(signals, blend);
      return {
        pin,
        node,
        tier,
        score,
        isWalked: node === undefined && hit === undefined,
        signals: found.hits && signals,
        degree: degree(pin),
      };
    })
    .toSorted((a, b) => a.tier - b.tier || b.score - a.score || compareTies(a, b));
}

/** Pins whose rows were read come first, by key; then the others. */
function compareTies(a: PinCandidate, b: PinCandidate): number {
  if (a.node !== undefined && b.node !== undefined) return compareKeys(a.node.key, b.node.key);
  return Number(a.node === undefined) - Number(b.node === undefined) || a.pin - b.pin;
}

/** A walk's best pin is worth as much as a factor of e² in boards, where nothing but words and boards ranks. */
const walkWeight = 2;

function weighted(signals: Signals, blend: Blend): number {
  const { words, content, popularity, walk, user } = signals;
  return weightedSignals(words, content, popularity, blend) + blend.walk * walk + blend.user * user;
}

import { type FoundNode, folded } from '../../graph-data/index.ts';

/** A node to rank, with how well its words match (0 to 1) and its number of neighbors. */
export interface Candidate {
  readonly node: FoundNode;
  readonly closeness: number;
  readonly degree: number;
}

/**
 * Best first: the key itself, then keys and titles that equal the text apart from case and diacritics, then keys with the
 * text as a prefix, then the rest; within each tier by {@link scoreOf}, then by key.
 */
export function rankHits(text: string, candidates: readonly Candidate[]): FoundNode[] {
  const tierOf = tiersBy(text);
  return candidates
    .map(({ node, closeness, degree }) => ({ node, tier: tierOf(node), score: scoreOf(closeness, degree) }))
    .toSorted((a, b) => a.tier - b.tier || b.score - a.score || compareKeys(a.node.key, b.node.key))
    .map(({ node }) => node);
}

/** The best match is worth a factor of e^5, about 150, in neighbors. */
export function scoreOf(closeness: number, degree: number): number {
  return 5 * closeness + Math.log1p(degree);
}

/** The tier of what matches neither by its whole key or title, nor by the beginning of its key. */
export const lastTier = 3;

/** The tier of a node for a text, 0 to 3. */
export function tiersBy(text: string): (node: FoundNode) => number {
  const wanted = folded(text);
  return ({ key, title }) => {
    if (key === text) return 0;
    const foldedKey = folded(key);
    if (foldedKey === wanted || (title !== null && folded(title) === wanted)) return 1;
    return foldedKey.startsWith(wanted) ? 2 : lastTier;
  };
}

/** By code unit, which is the same on every machine. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

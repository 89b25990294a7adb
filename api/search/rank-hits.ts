import { type FoundNode, folded } from '../../graph-data/index.ts';

/** A node to rank, with how well its words fit (0 to 1) and how many neighbors it has. */
export interface Candidate {
  readonly node: FoundNode;
  readonly closeness: number;
  readonly degree: number;
}

/**
 * Best first: the key itself, then keys and titles that are the text but for case and diacritics, then those whose key
 * begins with it, then the rest; within each by {@link scoreOf}, then by key.
 */
export function rankHits(text: string, candidates: readonly Candidate[]): FoundNode[] {
  const wanted = folded(text);
  return candidates
    .map(({ node, closeness, degree }) => {
      return { node, tier: tierOf(node, text, wanted), score: scoreOf(closeness, degree) };
    })
    .toSorted((a, b) => a.tier - b.tier || b.score - a.score || compareKeys(a.node.key, b.node.key))
    .map(({ node }) => node);
}

/** The best fit counts as much as e^5, some 150, times the neighbors. */
export function scoreOf(closeness: number, degree: number): number {
  return 5 * closeness + Math.log1p(degree);
}

function tierOf({ key, title }: FoundNode, text: string, wanted: string): number {
  if (key === text) return 0;
  const foldedKey = folded(key);
  if (foldedKey === wanted || (title !== null && folded(title) === wanted)) return 1;
  return foldedKey.startsWith(wanted) ? 2 : 3;
}

/** By code unit: the same on every machine. */
function compareKeys(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A pair of old and new classes, and how much they share. */
interface Overlap {
  readonly before: number;
  readonly after: number;
  /** Jaccard index: elements of both over elements of either. */
  readonly share: number;
}

/** Below, two classes are not the same: of two halves of one that was split, at most one has more. */
const overlapMin = 0.3;

/**
 * Which class each new one was: pairs by descending Jaccard index, each class in one pair at most, ties to the smaller
 * numbers. `classesOf` gives an element's classes; an element may be in several, as in a tree. Undefined for a new class
 * that resembles none. O(elements · classes each, before and after).
 */
export function matchClasses(
  elements: number,
  before: (element: number) => readonly number[],
  after: (element: number) => readonly number[],
): Map<number, number> {
  const sizes = { before: new Map<number, number>(), after: new Map<number, number>() };
  const common = new Map<number, Map<number, number>>();
  for (let element = 0; element < elements; element++) {
    const [olds, news] = [before(element), after(element)];
    for (const old of olds) add(sizes.before, old);
    for (const next of news) {
      add(sizes.after, next);
      if (olds.length === 0) continue;
      let own = common.get(next);
      if (own === undefined) common.set(next, (own = new Map()));
      for (const old of olds) add(own, old);
    }
  }
  const overlaps: Overlap[] = [];
  for (const [next, own] of common) {
    for (const [old, shared] of own) {
      const share = shared / (sizes.before.get(old)! + sizes.after.get(next)! - shared);
      if (share >= overlapMin) overlaps.push({ before: old, after: next, share });
    }
  }
  const matched = new Map<number, number>();
  const taken = new Set<number>();
  const inOrder = overlaps.toSorted((a, b) => b.share - a.share || a.before - b.before || a.after - b.after);
  for (const { before: old, after: next } of inOrder) {
    if (taken.has(old) || matched.has(next)) continue;
    taken.add(old);
    matched.set(next, old);
  }
  return matched;
}

function add(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

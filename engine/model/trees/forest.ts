/** How a node treats a value that is NaN, or 0. */
export const missing = { none: 0, zero: 1, nan: 2 } as const;

/**
 * Decision trees as flat arrays. A node sends a row to the left if its value is at most the threshold. A child that is negative is
 * the leaf of index ~child. The log odds of a row are the sum of its leaves' values.
 */
export interface Forest {
  /** Numeric features of a row. */
  readonly width: number;
  /** The root of each tree: a node, or ~leaf. */
  readonly roots: Int32Array;
  readonly features: Int32Array;
  /** Of a categorical node: the first word of its set and the number of words, in {@link categories}. */
  readonly thresholds: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Bits: 1 for a categorical node, 2 if missing values go left, from bit 2 one of {@link missing}. */
  readonly kinds: Uint8Array;
  readonly leafValues: Float64Array;
  /** Rows that each leaf was grown on: its weight in {@link treeContributions}. */
  readonly leafRows: Int32Array;
  /** Sets of categories that go left, as bits: the word count, then the words. */
  readonly categories: Uint32Array;
}

/** As in LightGBM: values closer to 0 than this are 0. */
const zeroMax = 1e-35;

/** The log odds of a row, which begins at `at` in `rows`. O(trees · depth). */
export function forestLogOdds(forest: Forest, rows: Float64Array, at = 0): number {
  const { roots, leafValues } = forest;
  let sum = 0;
  for (let tree = 0; tree < roots.length; tree++) sum += leafValues[leafOf(forest, tree, rows, at)]!;
  return sum;
}

/** The leaf of a row in a tree, an index of all leaves. */
export function leafOf(forest: Forest, tree: number, rows: Float64Array, at: number): number {
  let node = forest.roots[tree]!;
  while (node >= 0) node = childOf(forest, node, rows, at);
  return ~node;
}

/** The child of a node to which a row goes: a node, or ~leaf. */
export function childOf(forest: Forest, node: number, rows: Float64Array, at: number): number {
  const { features, thresholds, left, right, kinds } = forest;
  const kind = kinds[node]!;
  let value = rows[at + features[node]!]!;
  let goesLeft: boolean;
  if ((kind & 1) === 1) goesLeft = isInSet(forest.categories, thresholds[node]!, value);
  else {
    const how = kind >> 2;
    const isNan = Number.isNaN(value);
    if (isNan && how !== missing.nan) value = 0;
    const isMissing = how === missing.nan ? isNan : how === missing.zero && Math.abs(value) <= zeroMax;
    goesLeft = isMissing ? (kind & 2) !== 0 : value <= thresholds[node]!;
  }
  return goesLeft ? left[node]! : right[node]!;
}

function isInSet(categories: Uint32Array, start: number, value: number): boolean {
  const category = Math.trunc(value);
  if (!(category >= 0)) return false;
  const word = category >>> 5;
  return category < 2 ** 31 && word < categories[start]! && ((categories[start + 1 + word]! >>> (category & 31)) & 1) === 1; // prettier-ignore
}

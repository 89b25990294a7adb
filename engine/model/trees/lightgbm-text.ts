import { check } from '../../base/index.ts';
import { type Forest, missing } from './forest.ts';

type Members = ReadonlyMap<string, string>;

/**
 * Reads a binary classifier of LightGBM's text format (`Booster.save_model`, versions v3 and v4) as a forest of log odds. Throws
 * `invalid-parameter` (`model`) for a text that is no such model, is cut off, or is of a kind that a forest cannot hold: other
 * objectives, several classes, averaged forests, linear leaves. O(text).
 */
export function forestFromLightGbm(text: string): Forest {
  const [head, ...rest] = text.split(/\n(?=Tree=\d+\n)/);
  const header = membersOf(head!);
  check(
    head!.startsWith('tree\n'),
    'model',
    'the text does not begin with "tree", as a model of LightGBM does',
  );
  const objective = header.get('objective') ?? '';
  check(/^binary sigmoid:1(?: |$)/.test(objective), 'model', `the objective is "${objective}"; supported is "binary sigmoid:1"`); // prettier-ignore
  check(header.get('num_tree_per_iteration') === '1', 'model', 'has several classes');
  check(!/^average_output$/m.test(head!), 'model', 'averages its trees (random forest)');
  check(/\nend of trees\n/.test(text), 'model', 'is cut off: there is no "end of trees"');
  const sizes = header.get('tree_sizes')?.split(' ').length ?? 0;
  check(rest.length === sizes, 'model', `has ${rest.length} trees, and its header names ${sizes}`);
  const builder = new Builder(1 + Number(header.get('max_feature_idx')));
  for (const tree of rest) builder.add(membersOf(tree.split('\nend of trees')[0]!));
  return builder.forest();
}

class Builder {
  readonly #width: number;
  readonly #roots: number[] = [];
  readonly #columns = [
    'features',
    'thresholds',
    'left',
    'right',
    'kinds',
    'leafValues',
    'leafRows',
    'categories',
  ] as const;
  readonly #lists = Object.fromEntries(this.#columns.map((name) => [name, [] as number[]])) as Record<
    'features' | 'thresholds' | 'left' | 'right' | 'kinds' | 'leafValues' | 'leafRows' | 'categories',
    number[]
  >;

  constructor(width: number) {
    check(Number.isInteger(width) && width > 0, 'model', 'has no max_feature_idx');
    this.#width = width;
  }

  add(tree: Members): void {
    const { features, thresholds, left, right, kinds, leafValues, leafRows, categories } = this.#lists;
    const leaves = Number(tree.get('num_leaves'));
    const [firstNode, firstLeaf] = [features.length, leafValues.length];
    check((tree.get('is_linear') ?? '0') === '0', 'model', 'has linear leaves');
    leafValues.push(...numbers(tree, 'leaf_value', leaves));
    // A tree of one leaf does not name its rows.
    leafRows.push(...(leaves === 1 ? [1] : numbers(tree, 'leaf_count', leaves)));
    this.#roots.push(leaves === 1 ? ~firstLeaf : firstNode);
    if (leaves === 1) return;
    const nodes = leaves - 1;
    const child = (index: number): number => {
      check(index < nodes && ~index < leaves, 'model', `a child ${index} is impossible`);
      return index >= 0 ? firstNode + index : ~(firstLeaf + ~index);
    };
    const decisions = numbers(tree, 'decision_type', nodes);
    const splits = numbers(tree, 'split_feature', nodes);
    for (const feature of splits) check(feature >= 0 && feature < this.#width, 'model', `a feature ${feature} is impossible`); // prettier-ignore
    for (const decision of decisions) check(decision >> 2 <= missing.nan, 'model', `a decision type ${decision} is impossible`); // prettier-ignore
    const sets = this.#addCategories(tree, categories);
    features.push(...splits);
    kinds.push(...decisions);
    left.push(...numbers(tree, 'left_child', nodes).map(child));
    right.push(...numbers(tree, 'right_child', nodes).map(child));
    const bounds = numbers(tree, 'threshold', nodes);
    thresholds.push(...bounds.map((bound, i) => ((decisions[i]! & 1) === 1 ? sets[bound]! : bound)));
    check(
      thresholds.every((bound) => !Number.isNaN(bound)),
      'model',
      'a set of categories is missing',
    );
  }

  /** Appends the sets of categories of a tree; returns where each begins. */
  #addCategories(tree: Members, categories: number[]): number[] {
    const count = Number(tree.get('num_cat') ?? 0);
    if (count === 0) return [];
    const boundaries = numbers(tree, 'cat_boundaries', count + 1);
    const words = numbers(tree, 'cat_threshold', boundaries.at(-1)!);
    return Array.from({ length: count }, (_, i) => {
      const set = words.slice(boundaries[i], boundaries[i + 1]);
      return categories.push(set.length, ...set) - set.length - 1;
    });
  }

  forest(): Forest {
    const { features, thresholds, left, right, kinds, leafValues, leafRows, categories } = this.#lists;
    return {
      width: this.#width,
      roots: Int32Array.from(this.#roots),
      features: Int32Array.from(features),
      thresholds: Float64Array.from(thresholds),
      left: Int32Array.from(left),
      right: Int32Array.from(right),
      kinds: Uint8Array.from(kinds),
      leafValues: Float64Array.from(leafValues),
      leafRows: Int32Array.from(leafRows),
      categories: Uint32Array.from(categories),
    };
  }
}

function membersOf(section: string): Members {
  return new Map(
    section.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

function numbers(tree: Members, name: string, count: number): number[] {
  const list = (tree.get(name) ?? '')
    .split(' ')
    .filter((text) => text !== '')
    .map(numberOf);
  check(list.length === count && list.every((value) => !Number.isNaN(value)), 'model', `tree ${tree.get('Tree')}: ${name} has not ${count} numbers`); // prettier-ignore
  return list;
}

/** As C++ prints it. The bound of a split between NaN and all else is inf. */
function numberOf(text: string): number {
  return text === 'inf' ? Infinity : Number(text);
}

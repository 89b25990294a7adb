import { check } from '../../base/index.ts';
import { pairOf } from '../../random/index.ts';
import { type FeatureDefinition, type FeatureFields, checkDefinitions } from './definitions.ts';
import { ColumnPlan, type FeatureColumn, type Group, type Shown } from './feature-columns.ts';

/** The features of candidates, column by column: feature f of candidate c is at f · count + c. */
export interface FeatureColumns {
  readonly count: number;
  /** Longer than needed. */
  readonly values: Float64Array;
  /** By feature: whether all candidates have the value of the first. */
  readonly isShared: Uint8Array;
}

/**
 * The features of impressions, from what came before them: the one code path of training and serving. Call {@link read}
 * before {@link shown}, and {@link acted} when the action arrives; times must not descend. Whatever is read meanwhile changes
 * nothing.
 */
export class FeatureState {
  /** Numeric features that {@link read} writes. */
  readonly width: number;
  readonly #fields: FeatureFields;
  readonly #groups: readonly Group[];
  readonly #columns: readonly FeatureColumn[];
  readonly #rows: Int32Array[];
  readonly #isShared: Uint8Array;
  readonly #isEntityShared: Uint8Array;
  #keys = new Float64Array(1);
  #values: Float64Array;
  readonly #isColumnShared: Uint8Array;
  #last = -Infinity;

  constructor(definitions: readonly FeatureDefinition[], fields: FeatureFields) {
    checkDefinitions(definitions, fields);
    const { groups, columns } = new ColumnPlan(definitions, fields);
    this.#fields = fields;
    this.#groups = groups;
    this.#columns = columns;
    this.width = columns.length;
    this.#rows = groups.map(() => new Int32Array(1));
    this.#isShared = new Uint8Array(groups.length);
    this.#isEntityShared = new Uint8Array(fields.entities.length);
    this.#values = new Float64Array(this.width);
    this.#isColumnShared = new Uint8Array(this.width);
  }

  /** The time of the latest event, milliseconds since 1970; −Infinity before the first. */
  get time(): number {
    return this.#last;
  }

  /** Writes the features of an impression to `out`, from `at`. Throws `invalid-parameter` if it is earlier than an event. */
  read(of: Shown, out: Float64Array, at = 0): void {
    this.#findRows(of, 1);
    const run = { of, count: 1, rows: this.#rows, isShared: this.#isShared };
    for (let f = 0; f < this.width; f++) this.#columns[f]!(run, out, at + f);
  }

  /**
   * The features of candidates of one moment: bit by bit what {@link read} writes of each. Valid until the next call. What
   * candidates share, such as the person, is computed once. O(candidates · features). Throws as {@link read} does.
   */
  readAll(of: Shown, count: number): FeatureColumns {
    if (this.#values.length < this.width * count) {
      this.#values = new Float64Array(this.width * count);
      for (let g = 0; g < this.#rows.length; g++) this.#rows[g] = new Int32Array(count);
      this.#keys = new Float64Array(count);
    }
    this.#findRows(of, count);
    const [values, isShared] = [this.#values, this.#isColumnShared];
    const run = { of, count, rows: this.#rows, isShared: this.#isShared };
    for (let f = 0; f < this.width; f++) isShared[f] = Number(this.#columns[f]!(run, values, f * count));
    return { count, values, isShared };
  }

  /** Counts an impression. */
  shown(of: Shown): void {
    this.#add(of.entities, 0, 1, of.time);
  }

  /** Counts an action on an impression, at the time of its arrival. `amount`: its value, or 1. */
  acted(of: Shown, label: number, time: number, amount = 1): void {
    this.#add(of.entities, 1 + label, amount, time);
  }

  #findRows({ time, entities }: Shown, count: number): void {
    check(time >= this.#last, 'time', 'an impression is earlier than others already counted: its features would know the future'); // prettier-ignore
    for (let e = 0; e < this.#fields.entities.length; e++) {
      const start = e * count;
      let i = 1;
      while (i < count && entities[start + i] === entities[start]) i++;
      this.#isEntityShared[e] = Number(i === count);
    }
    for (let g = 0; g < this.#groups.length; g++) {
      const { by, counters } = this.#groups[g]!;
      const isShared = by.every((entity) => this.#isEntityShared[entity] === 1);
      this.#isShared[g] = Number(isShared);
      const [rows, keys] = [this.#rows[g]!, this.#keys];
      const distinct = isShared ? 1 : count;
      for (let i = 0; i < distinct; i++) keys[i] = keyOf(by, entities, count, i);
      counters.index.rowsOf(keys, distinct, rows);
      if (distinct < count) rows.fill(rows[0]!, 1, count);
    }
  }

  #add(entities: ArrayLike<number>, event: number, amount: number, time: number): void {
    check(time >= this.#last, 'time', 'events are counted in the order of their times');
    this.#last = time;
    for (const { by, counters } of this.#groups) {
      const key = keyOf(by, entities, 1, 0);
      if (key >= 0) counters.add(key, event, amount, time);
    }
  }
}

/** One number for a combination of up to two entities of a candidate; -1 if one of them is missing. */
export function keyOf(
  by: readonly number[],
  entities: ArrayLike<number>,
  count: number,
  candidate: number,
): number {
  if (by.length === 0) return 0;
  const first = entities[by[0]! * count + candidate]!;
  if (by.length === 1 || first < 0) return first;
  const second = entities[by[1]! * count + candidate]!;
  return second < 0 ? -1 : pairOf(first, second);
}

import {
  type FeatureColumns,
  type FeatureDefinition,
  type FeatureFields,
  type Shown,
  keyOf,
} from './features/index.ts';
import { check } from '../base/index.ts';
import { slotOf } from '../random/index.ts';
import { type Bins, type Forest, binOf, leafOf } from './trees/index.ts';

/** The parts of a row that are hashed besides its entities. */
interface EncoderOptions {
  /** Of the numeric features: each is hashed as its bin. */
  readonly bins: Bins;
  /** Trees whose leaves are features (He et al., ADKDD 2014, doi:10.1145/2648584.2648589). */
  readonly forest?: Forest | undefined;
  readonly slotBits: number;
}

/** Slots of hashed features of rows: a bias, entities and their combinations, bins of numbers, leaves of trees. */
export class Encoder {
  /** Slots of a row, at most. */
  readonly slotsMax: number;
  readonly #definitions: readonly FeatureDefinition[];
  readonly #combinations: readonly (readonly number[])[];
  readonly #options: EncoderOptions;
  readonly #ofBins = new Float64Array(256);

  constructor(definitions: readonly FeatureDefinition[], fields: FeatureFields, options: EncoderOptions) {
    this.#definitions = definitions;
    this.#combinations = definitions.flatMap((each) =>
      each.kind === 'entity' ? [each.by.map((name) => fields.entities.indexOf(name))] : [],
    );
    this.#options = options;
    this.slotsMax = 1 + this.#combinations.length + options.bins.bounds.length + (options.forest?.roots.length ?? 0); // prettier-ignore
  }

  /** Writes the slots of a row to `out`, from `at`; returns their number. `features`: its numeric ones, from `from`. */
  encode({ entities }: Shown, features: Float64Array, from: number, out: Int32Array, at = 0): number {
    const { bins, forest, slotBits } = this.#options;
    const mask = 2 ** slotBits - 1;
    let [end, field] = [at, 0];
    out[end++] = slotOf(field++, 0, mask);
    for (const by of this.#combinations) {
      const key = keyOf(by, entities, 1, 0);
      if (key >= 0) out[end++] = slotOf(field, key, mask);
      field++;
    }
    for (let i = 0; i < bins.bounds.length; i++) {
      out[end++] = slotOf(field++, binOf(bins.bounds[i]!, features[from + i]!), mask);
    }
    const trees = forest?.roots.length ?? 0;
    for (let tree = 0; tree < trees; tree++) out[end++] = slotOf(field, leafOf(forest!, tree, features, from), mask); // prettier-ignore
    return end - at;
  }

  /**
   * Writes the sums of the weights of the slots of candidates: bit by bit those of their rows, since they are added in the same
   * order. The weights of a feature's bins are looked up once for all. Throws for an encoder with trees. O(candidates · slots).
   */
  sumWeights(
    { entities }: Shown,
    { count, values, isShared }: FeatureColumns,
    weights: Float64Array,
    out: Float64Array,
  ): void {
    const { bins, forest, slotBits } = this.#options;
    check(forest === undefined, 'forest', 'leaves of trees are encoded row by row');
    const mask = 2 ** slotBits - 1;
    let field = 0;
    out.fill(weights[slotOf(field++, 0, mask)]!, 0, count);
    for (const by of this.#combinations) {
      let [last, weight] = [-1, 0];
      for (let i = 0; i < count; i++) {
        const key = keyOf(by, entities, count, i);
        if (key !== last) weight = key < 0 ? 0 : weights[slotOf(field, key, mask)]!;
        last = key;
        out[i]! += weight;
      }
      field++;
    }
    const ofBins = this.#ofBins;
    for (let f = 0; f < bins.bounds.length; f++, field++) {
      const bounds = bins.bounds[f]!;
      if (isShared[f] === 1) {
        const weight = weights[slotOf(field, binOf(bounds, values[f * count]!), mask)]!;
        for (let i = 0; i < count; i++) out[i]! += weight;
        continue;
      }
      for (let bin = 0; bin < bounds.length + 2; bin++) ofBins[bin] = weights[slotOf(field, bin, mask)]!;
      for (let i = 0; i < count; i++) out[i]! += ofBins[binOf(bounds, values[f * count + i]!)]!;
    }
  }

  /** The weights of the slots of a row, by definition; 0 for missing ones. `bias`: the weight that every row has. */
  weightsOf(
    { entities }: Shown,
    row: Float64Array,
    weights: Float64Array,
  ): { readonly bias: number; readonly byDefinition: readonly number[] } {
    const { bins, slotBits } = this.#options;
    const mask = 2 ** slotBits - 1;
    let [combination, column] = [0, 0];
    const byDefinition = this.#definitions.map(({ kind }) => {
      if (kind !== 'entity') {
        const bin = binOf(bins.bounds[column]!, row[column]!);
        return weights[slotOf(1 + this.#combinations.length + column++, bin, mask)]!;
      }
      const key = keyOf(this.#combinations[combination++]!, entities, 1, 0);
      return key < 0 ? 0 : weights[slotOf(combination, key, mask)]!;
    });
    return { bias: weights[slotOf(0, 0, mask)]!, byDefinition };
  }
}

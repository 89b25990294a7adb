import { type FeatureDefinition, type FeatureFields, type Shown, keyOf } from './features/index.ts';
import { slotOf } from './hash.ts';
import { type Bins, type Forest, binOf, leafOf } from './trees/index.ts';

/** What is hashed of a row beside its entities. */
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
  readonly #combinations: readonly (readonly number[])[];
  readonly #options: EncoderOptions;

  constructor(definitions: readonly FeatureDefinition[], fields: FeatureFields, options: EncoderOptions) {
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
      const key = keyOf(by, entities);
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
}

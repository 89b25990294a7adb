import type { ParamSpecs } from '../../base/index.ts';

/** Parameters of boosted trees; {@link boostParams} states their ranges, defaults and meanings. */
export interface BoostParams {
  readonly learningRate: number;
  readonly leavesMax: number;
  readonly leafRowsMin: number;
  readonly l2: number;
  readonly gainMin: number;
  readonly featureShare: number;
  readonly rowShare: number;
}

export const boostParams: ParamSpecs<BoostParams> = {
  learningRate: { kind: 'number', min: 1e-4, max: 1, default: 0.06, about: 'factor of what each tree adds' },
  leavesMax: { kind: 'integer', min: 2, max: 1024, default: 31, about: 'leaves of a tree' },
  leafRowsMin: { kind: 'integer', min: 1, max: 1e9, default: 100, about: 'rows of a leaf, at least' },
  l2: { kind: 'number', min: 0, max: 1e6, default: 5, about: 'shrinks what leaves add' },
  gainMin: { kind: 'number', min: 0, max: 1e9, default: 0, about: 'gain of a split, above this' },
  featureShare: { kind: 'number', min: 0.01, max: 1, default: 0.5, about: 'share of the features that a tree may use, drawn' },
  rowShare: { kind: 'number', min: 0.01, max: 1, default: 0.8, about: 'share of the rows that a tree is grown on, drawn' },
}; // prettier-ignore

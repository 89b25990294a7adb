import type { ParamSpecs } from '../base/index.ts';

/** How item weights are computed, at build time; {@link linearBuildParams} states ranges, defaults and meanings. */
export interface LinearBuildParams {
  readonly neighborsMax: number;
  readonly ridge: number;
  readonly dropout: number;
  readonly boardPinsMax: number;
}

export const linearBuildParams: ParamSpecs<LinearBuildParams> = {
  neighborsMax: {
    kind: 'integer',
    min: 0,
    max: 1000,
    default: 0,
    about:
      'K: weights per pin, of the pins that predict it best; time grows with K³, memory with K; 0 is all pins up to 4,096 boards, 400 up to 10,000 pins, 100 beyond',
  },
  ridge: {
    kind: 'number',
    min: 0.01,
    max: 1e6,
    default: 50,
    about: 'λ of the ridge regression, added to the diagonal of G: more for sparse or noisy saves',
  },
  dropout: {
    kind: 'number',
    min: 0,
    max: 0.95,
    default: 0.7,
    about:
      'share of the saves that training pretends not to know: adds dropout / (1 − dropout) · degree to the diagonal, so weights of hubs shrink most; 0 is EASE',
  },
  boardPinsMax: {
    kind: 'integer',
    min: 2,
    max: 1e9,
    default: 10_000,
    about: 'boards with more pins are left out of the counts: their cost grows with the square of their pins',
  },
};

/** Up to this many pins, K³ costs a minute or two: there K can come close to all neighbors (docs/linear.md). */
const fewPins = 10_000;

/** The parameters, with a `neighborsMax` of 0 replaced by its default for that many pins. */
export function sizedParams(params: LinearBuildParams, pinCount: number): LinearBuildParams {
  if (params.neighborsMax > 0) return params;
  return { ...params, neighborsMax: pinCount <= fewPins ? 400 : 100 };
}

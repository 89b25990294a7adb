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
    min: 1,
    max: 1000,
    default: 100,
    about: 'K: weights per pin, of the pins that predict it best; time grows with K³, memory with K',
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

import type { ParamSpecs } from './param-specs.ts';

/** Parameters that `paths` and `pixie` share, with the same meaning. */
export interface SharedParams {
  readonly pinShrinkage: number;
  readonly boardShrinkage: number;
  readonly sharpening: number;
  readonly sharpeningPins: number;
  readonly boardSharpening: number;
}

export const sharedParams: ParamSpecs<SharedParams> = {
  pinShrinkage: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 0,
    about:
      'added to the degree in the discount of a query pin: reduces the influence of pins with few boards',
  },
  boardShrinkage: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 0,
    about:
      'added to the degree of every board, as phantom pins on which walks are lost: reduces the influence of small boards',
  },
  sharpening: {
    kind: 'number',
    min: 0,
    max: 2,
    default: 0,
    about:
      'weight of the second step, which is subtracted: λ = sharpening · n / (n + sharpeningPins) for n query pins',
  },
  sharpeningPins: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 0,
    about:
      'number of query pins at which sharpening has half its strength; 0 for full strength at any number',
  },
  boardSharpening: {
    kind: 'number',
    min: 0,
    max: 2,
    default: 0,
    about: "weight of a board's second step, which is subtracted from its first, but not below 0",
  },
};

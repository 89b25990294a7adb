import type { ParamSpecs } from './param-specs.ts';

/** Parameters that `paths` and `pixie` have in common, and that mean the same in both. */
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
    about: 'added to the degree of a query pin where it is discounted: makes little of pins with few boards',
  },
  boardShrinkage: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 0,
    about: 'added to the degree of every board (a walk is lost on these pins): makes little of small boards',
  },
  sharpening: {
    kind: 'number',
    min: 0,
    max: 2,
    default: 0,
    about:
      'share of the second step that is subtracted, λ = sharpening · n / (n + sharpeningPins) for n query pins',
  },
  sharpeningPins: {
    kind: 'number',
    min: 0,
    max: 1e6,
    default: 0,
    about: 'query pins at which sharpening has half of its strength; 0 for the same at any number',
  },
  boardSharpening: {
    kind: 'number',
    min: 0,
    max: 2,
    default: 0,
    about: "share of a board's second step that is subtracted from its first, as far as that goes",
  },
};

import { type Levers, type ParamSpec, leverSpecs, randomSeedMax } from '../../../../engine/index.ts';

export type ParamValue = number | string | boolean;

/** The settings of every algorithm, named as in the request body and in the URL. */
export const commonSpecs: Readonly<Record<CommonName, ParamSpec>> = {
  limit: { kind: 'integer', min: 1, max: 1_000, default: 20, about: 'maximum number of items' },
  ...leverSpecs,
  randomSeed: {
    kind: 'integer',
    min: 0,
    max: randomSeedMax,
    default: 1,
    about: 'the same graph, request and seed return the same items',
  },
};
type CommonName = 'limit' | 'randomSeed' | keyof Levers;

type CommonSettings = { readonly [Name in CommonName]?: ParamValue | undefined };

/**
 * The part of the body of `POST /v1/recommendations` beside the query, under the same names. An absent setting has the
 * server's default.
 */
export interface Settings extends CommonSettings {
  readonly algorithm?: string | undefined;
  readonly target?: string | undefined;
  /** Parameters of the algorithm, by name. */
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Conditions by field, in the form of the API. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
  /** Pins to exclude. */
  readonly without: readonly string[];
  /** Pins whose absence is to be explained. */
  readonly whyNot: readonly string[];
}

export const noSettings: Settings = { params: {}, without: [], whyNot: [] };

export function isCommonName(name: string): name is CommonName {
  return Object.hasOwn(commonSpecs, name);
}

export type ThingKind = 'pin' | 'board' | 'user';

/** A pin, a board or a user, by the application's key. */
export interface ThingName {
  readonly kind: ThingKind;
  readonly key: string;
}

/** Something to start from, and what it counts against the others. */
export interface QueryEntry extends ThingName {
  readonly weight: number;
}

export type ParamValue = number | string | boolean;

/**
 * How to ask: a part of the body of `POST /v1/recommendations`, by the same names. What is absent has the server's
 * default.
 */
export interface Settings {
  readonly algorithm?: string | undefined;
  readonly target?: string | undefined;
  readonly limit?: number | undefined;
  readonly diversity?: number | undefined;
  readonly hubCorrection?: number | undefined;
  readonly minRelevance?: number | undefined;
  readonly halfLifeDays?: number | undefined;
  readonly windowDays?: number | undefined;
  readonly randomSeed?: number | undefined;
  /** Of the algorithm, by name. */
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Conditions by field, as the server takes them. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
  /** Pins that are not to come. */
  readonly without: readonly string[];
}

/** A composed query, and a second way to ask it, if two are compared. */
export interface Composition {
  readonly query: readonly QueryEntry[];
  readonly settings: Settings;
  readonly other?: Settings | undefined;
}

export const noSettings: Settings = { params: {}, without: [] };

/** The body of `POST /v1/recommendations`. */
export interface RecommendationBody {
  readonly query: readonly Readonly<Record<string, string | number>>[];
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly [name: string]: unknown;
}

/** The exact request of a composition: what is at its default is left out. */
export function bodyOf(
  query: readonly QueryEntry[],
  { params, without, filter, ...scalars }: Settings,
): RecommendationBody {
  return {
    query: query.map(({ kind, key, weight }) => ({ [kind]: key, ...(weight !== 1 && { weight }) })),
    ...Object.fromEntries(Object.entries(scalars).filter(([, value]) => value !== undefined)),
    ...(Object.keys(params).length > 0 && { params }),
    ...(without.length > 0 && { exclude: { pins: without } }),
    ...(filter !== undefined && Object.keys(filter).length > 0 && { filter }),
  };
}

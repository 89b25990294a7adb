export type NodeKind = 'pin' | 'board' | 'user';

/** A pin, a board or a user, by the application's key. */
export interface NodeRef {
  readonly kind: NodeKind;
  readonly key: string;
}

/** Identifies a node among nodes of all kinds. */
export function nodeId({ kind, key }: NodeRef): string {
  return `${kind} ${key}`;
}

/** A node of the query and its weight relative to the others. */
export interface QueryEntry extends NodeRef {
  readonly weight: number;
}

export type ParamValue = number | string | boolean;

/** Numbers of {@link Settings}, named as in the request body and in the URL. */
export const numberSettings = [
  'limit',
  'diversity',
  'hubCorrection',
  'minRelevance',
  'halfLifeDays',
  'windowDays',
  'randomSeed',
] as const;
export const textSettings = ['algorithm', 'target'] as const;

type Optional<Names extends readonly string[], Value> = {
  readonly [Name in Names[number]]?: Value | undefined;
};

/**
 * The part of the body of `POST /v1/recommendations` beside the query, under the same names. An absent setting has the
 * server's default.
 */
export interface Settings
  extends Optional<typeof numberSettings, number>, Optional<typeof textSettings, string> {
  /** Parameters of the algorithm, by name. */
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Conditions by field, in the form of the API. */
  readonly filter?: Readonly<Record<string, unknown>> | undefined;
  /** Pins to exclude. */
  readonly without: readonly string[];
}

/** A query with its settings, and the settings to compare with, if any. */
export interface Composition {
  readonly query: readonly QueryEntry[];
  readonly settings: Settings;
  readonly other?: Settings | undefined;
}

export const noSettings: Settings = { params: {}, without: [] };

/** A query of these nodes with default settings. */
export function compositionOf(nodes: readonly NodeRef[]): Composition {
  return { query: nodes.map(({ kind, key }) => ({ kind, key, weight: 1 })), settings: noSettings };
}

/** The query with one more node; undefined when it has that node already. */
export function withNode(query: readonly QueryEntry[], { kind, key }: NodeRef): QueryEntry[] | undefined {
  const isPresent = query.some((entry) => nodeId(entry) === nodeId({ kind, key }));
  return isPresent ? undefined : [...query, { kind, key, weight: 1 }];
}

/** The body of `POST /v1/recommendations`. */
export interface RecommendationBody {
  readonly query: readonly Readonly<Record<string, string | number>>[];
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly [name: string]: unknown;
}

/** The exact request of a composition, without what has its default. */
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

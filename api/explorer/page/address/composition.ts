import { type ParamValue, type Settings, noSettings } from './settings.ts';

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

/** A query with its settings, and the settings to compare with, if any. */
export interface Composition {
  readonly query: readonly QueryEntry[];
  readonly settings: Settings;
  readonly other?: Settings | undefined;
}

/** A query of these nodes with default settings. */
export function compositionOf(nodes: readonly NodeRef[]): Composition {
  return { query: nodes.map(({ kind, key }) => ({ kind, key, weight: 1 })), settings: noSettings };
}

/** The query with one more node, or the same query when it has that node already. */
export function withNode(query: readonly QueryEntry[], { kind, key }: NodeRef): readonly QueryEntry[] {
  const isPresent = query.some((entry) => nodeId(entry) === nodeId({ kind, key }));
  return isPresent ? query : [...query, { kind, key, weight: 1 }];
}

/** The body of `POST /v1/recommendations`. */
export interface RecommendationBody {
  readonly query: readonly Readonly<Record<string, string | number>>[];
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly [name: string]: unknown;
}

/** The exact request of a composition, without values that are the default. */
export function bodyOf(
  query: readonly QueryEntry[],
  { params, without, whyNot, filter, ...scalars }: Settings,
): RecommendationBody {
  return {
    query: query.map(({ kind, key, weight }) => ({ [kind]: key, ...(weight !== 1 && { weight }) })),
    ...Object.fromEntries(Object.entries(scalars).filter(([, value]) => value !== undefined)),
    ...(Object.keys(params).length > 0 && { params }),
    ...(without.length > 0 && { exclude: { pins: without } }),
    ...(whyNot.length > 0 && { whyNot }),
    ...(filter !== undefined && Object.keys(filter).length > 0 && { filter }),
  };
}

import { type Work, prices } from '../../engine/base/index.ts';
import { nearOf } from '../../engine/content/index.ts';
import { type NodeKind, degreeOf, nodeCount } from '../../engine/graph/index.ts';
import type { Query } from '../../engine/index.ts';
import { type Recency, latestSaves, noDecay, recencyWeights } from '../../engine/pipeline/index.ts';
import type { LoadedSnapshot, Store } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';
import type { QueryEntry, RecommendationRequest } from '../contract/index.ts';

const tooManySaves = 'the users and boards of the query have more saves than one request may read';

/** A query by index, and what its boards and users have already. */
export interface ResolvedQuery {
  readonly query: Query;
  /** Keys that the graph does not have. */
  readonly missing: readonly string[];
  /** Whether no entry at all is in the graph. */
  readonly isUnknown: boolean;
  /** The entries themselves: never recommended. */
  readonly named: Readonly<Record<NodeKind, ReadonlySet<number>>>;
  /** What its boards and users have: pins and boards, and the owners of its boards. */
  readonly owned: Readonly<Record<NodeKind, ReadonlySet<number>>>;
}

/**
 * Translates keys to indexes. A board stands for its latest saves, weighted alike, a user for theirs, weighted by age
 * and order ({@link recencyWeights}); the entry's weight is shared among them. Hidden pins of a board or user are left out. `now` is in milliseconds since 1970.
 */
export function resolveQuery(
  store: Store,
  { graph, header, content }: LoadedSnapshot,
  { query, exclude, pipeline }: RecommendationRequest,
  now: number,
  work: Work,
  isHidden: (pin: number) => boolean = () => false,
): ResolvedQuery {
  const isSaved = (pin: number): boolean =>
    pin < nodeCount(graph.pinToBoard) && degreeOf(graph.pinToBoard, pin) > 0;
  const isSaid = (pin: number): boolean => content !== undefined && nearOf(content, pin).pins.length > 0;
  // A live graph has room for more pins than it knows: it knows a pin by its saves or its text.
  const isKnown = (pin: number): boolean => pin < header.counts.pins || isSaved(pin) || isSaid(pin);
  const weights = new Map<number, number>();
  const missing = new Set<string>();
  const named = sets();
  const owned = sets();
  const add = (pin: number, weight: number): void => {
    // A negligible weight must not become 0. A pin newer than the graph is in the database only.
    if (isKnown(pin)) weights.set(pin, Math.max((weights.get(pin) ?? 0) + weight, Number.MIN_VALUE));
  };
  const addHistory = (saves: ReturnType<Store['savesOf']>, weight: number, recency: Recency): void => {
    work.count(saves.length, prices.save);
    // From the database: the graph may be pruned, or older than the save.
    for (const { pin } of saves) owned.pins.add(pin);
    const latest = latestSaves(saves.filter(({ pin }) => isSaved(pin) && !isHidden(pin)));
    const shares = recencyWeights(latest, weight, recency, now);
    for (const [i, { pin }] of latest.entries()) add(pin, shares[i]!);
  };
  for (const entry of query) {
    if (work.left(prices.edge) === 0) throw new Problem('overloaded', tooManySaves);
    const [kind, key] = kindAndKey(entry);
    const index = store.indexOf(kind, key);
    if (index === undefined || (kind === 'pins' && !isKnown(index))) {
      missing.add(key);
      continue;
    }
    named[kind].add(index);
    if (kind === 'pins') add(index, entry.weight);
    if (kind === 'boards') {
      const owner = graph.boardToUser[index];
      // A board newer than the graph has no owner there, or is past the end.
      if (owner !== undefined && owner >= 0) owned.users.add(owner);
      addHistory(store.savesOn(index), entry.weight, noDecay);
    }
    if (kind === 'users') {
      for (const board of store.boardsOf(index)) owned.boards.add(board);
      addHistory(store.savesOf(index), entry.weight, pipeline.candidates);
    }
  }
  return {
    query: {
      pins: [...weights.keys()],
      weights: [...weights.values()],
      includeQueryPins: !exclude.saved,
    },
    missing: [...missing],
    isUnknown: missing.size > 0 && weights.size === 0 && named.boards.size + named.users.size === 0,
    named,
    owned,
  };
}

/** The kind of an entry of a query, and its key. */
export function kindAndKey({ pin, board, user }: QueryEntry): [NodeKind, string] {
  if (pin !== undefined) return ['pins', pin];
  return board === undefined ? ['users', user!] : ['boards', board];
}

function sets(): Record<NodeKind, Set<number>> {
  return { pins: new Set(), boards: new Set(), users: new Set() };
}

import { type Query, degreeOf, nodeCount } from '../../engine/index.ts';
import type { LoadedSnapshot, Side, Store, UserSave } from '../../graph-data/index.ts';
import { Problem } from '../base/index.ts';
import type { QueryEntry, RecommendationRequest } from '../contract/index.ts';

/** A query as the engine takes it, and what its boards and users have already. */
export interface ResolvedQuery {
  readonly query: Query;
  /** Keys that the graph does not have. */
  readonly missing: readonly string[];
  /** What was asked with, by name: never recommended. */
  readonly named: Readonly<Record<Side, ReadonlySet<number>>>;
  /** What its boards and users have: pins and boards, and the owners of its boards. */
  readonly owned: Readonly<Record<Side, ReadonlySet<number>>>;
}

/** Saves of a user or a board that they are asked with, the latest. */
const savesMax = 1_000;
const dayMs = 86_400_000;

/**
 * Translates keys. A board stands for the latest 1,000 of its pins, a user for their latest 1,000 saves, each of which
 * counts half for every `halfLifeDays` that it is older than the newest; saves without a time count as the oldest, and
 * saves in the future of `time` (milliseconds since 1970) as saves of then. The entry's weight is shared among them. Throws `unknown-pin`, `-board` or `-user` when all keys are missing.
 */
export function resolveQuery(
  store: Store,
  { graph, header }: LoadedSnapshot,
  request: RecommendationRequest,
  time: number,
): ResolvedQuery {
  // A live graph has room for more pins than it knows: those are known by their saves.
  const isKnown = (pin: number): boolean => pin < header.counts.pins || isSaved(graph, pin);
  const weights = new Map<number, number>();
  const missing = new Set<string>();
  const named = sets();
  const owned = sets();
  const add = (pin: number, weight: number): void => {
    // A weight that is next to nothing must not become 0. A pin that came after the build is in the database and not yet in the graph.
    if (isKnown(pin)) weights.set(pin, Math.max((weights.get(pin) ?? 0) + weight, Number.MIN_VALUE));
  };
  for (const entry of request.query) {
    const [side, key] = sideAndKey(entry);
    const index = store.indexOf(side, key);
    if (index === undefined || (side === 'pins' && !isKnown(index))) {
      missing.add(key);
      continue;
    }
    named[side].add(index);
    if (side === 'pins') add(index, entry.weight);
    if (side === 'boards') {
      const owner = graph.boardToUser[index];
      // A board that came after the build has none there, or is past the end.
      if (owner !== undefined && owner >= 0) owned.users.add(owner);
      // From the database: the graph may have been pruned, and may be older than the board.
      const saves = store.savesOn(index);
      for (const { pin } of saves) owned.pins.add(pin);
      const latest = latestOf(saves.filter(({ pin }) => isSaved(graph, pin)));
      for (const { pin } of latest) add(pin, entry.weight / latest.length);
    }
    if (side === 'users') {
      for (const board of store.boardsOf(index)) owned.boards.add(board);
      const saves = store.savesOf(index);
      for (const { pin } of saves) owned.pins.add(pin);
      const latest = latestOf(saves.filter(({ pin }) => isSaved(graph, pin)));
      const shares = ageWeights(latest, request.halfLifeDays, time);
      const sum = shares.reduce((total, each) => total + each, 0);
      for (const [i, { pin }] of latest.entries()) add(pin, (entry.weight * shares[i]!) / sum);
    }
  }
  if (missing.size > 0 && weights.size === 0 && named.boards.size + named.users.size === 0) {
    throw unknown(request.query, missing);
  }
  const query = {
    pins: [...weights.keys()],
    weights: [...weights.values()],
    includeQueryPins: !request.exclude.saved,
  };
  return { query, missing: [...missing], named, owned };
}

function sets(): Record<Side, Set<number>> {
  return { pins: new Set(), boards: new Set(), users: new Set() };
}

function sideAndKey({ pin, board, user }: QueryEntry): [Side, string] {
  if (pin !== undefined) return ['pins', pin];
  return board === undefined ? ['users', user!] : ['boards', board];
}

function isSaved(graph: LoadedSnapshot['graph'], pin: number): boolean {
  return pin < nodeCount(graph.pinToBoard) && degreeOf(graph.pinToBoard, pin) > 0;
}

function latestOf(saves: readonly UserSave[]): readonly UserSave[] {
  if (saves.length <= savesMax) return saves;
  return saves.toSorted((a, b) => (b.savedAt ?? -Infinity) - (a.savedAt ?? -Infinity)).slice(0, savesMax);
}

/** Relative to the newest save, so that the same history gives the same answer at any time; at least 2^-20. */
function ageWeights(saves: readonly UserSave[], halfLifeDays: number, now: number): number[] {
  const times = saves.flatMap(({ savedAt }) => savedAt ?? []);
  // One clock that is ahead must not make all else old.
  const newest = Math.min(
    now,
    times.reduce((latest, time) => Math.max(latest, time), -Infinity),
  );
  const oldest = times.reduce((first, time) => Math.min(first, time), Infinity);
  return saves.map(({ savedAt }) => {
    if (times.length === 0) return 1;
    const ageDays = Math.max(0, newest - (savedAt ?? oldest)) / dayMs;
    return 2 ** -Math.min(ageDays / halfLifeDays, 20);
  });
}

function unknown(query: readonly QueryEntry[], missing: ReadonlySet<string>): Problem {
  const [side] = sideAndKey(query[0]!);
  const code = ({ pins: 'unknown-pin', boards: 'unknown-board', users: 'unknown-user' } as const)[side];
  return new Problem(
    code,
    `the graph does not have ${[...missing].map((key) => JSON.stringify(key)).join(', ')}`,
  );
}

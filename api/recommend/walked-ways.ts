import type { NodeRef, Store } from '../../graph-data/index.ts';
import type { RecommendedItem } from '../contract/index.ts';
import type { WalkDiagnostics } from './walk-diagnostics.ts';

/** How walkers came to an item: a query pin, a board, a pin … the item; of a user, one of their boards. */
export interface Way {
  readonly nodes: readonly NodeRef[];
  /** Traced paths that begin so. */
  walked: number;
}

/** Ways that are kept of each item. */
const waysMax = 8;
/** Nodes of a path at most, three boards: longer paths explain little. */
const nodesMax = 7;

/**
 * For each item of the result, the ways to it among the traced paths: the most walked first, then the shortest, from each query pin
 * in turn. Where none was walked, the one in its reason.
 */
export function waysTo(store: Store, { result, queryPins, trace }: WalkDiagnostics): Way[][] {
  const found = result.items.map(() => new Map<string, Way>());
  const isOfPins = result.items[0]?.pin !== undefined;
  const placeOf = placesOf(store, result.items);
  for (const { index } of queryPins) {
    for (const { nodes } of trace.pathsOf(index)) {
      const end = Math.min(nodes.length, nodesMax);
      for (let at = isOfPins ? 2 : 1; at < end; at += 2) {
        const place = placeOf.get(nodes[at]!);
        if (place === undefined) continue;
        const key = nodes.slice(0, at + 1).join(' ');
        const way = found[place]!.get(key);
        if (way === undefined) found[place]!.set(key, { nodes: refsOf(nodes.slice(0, at + 1)), walked: 1 });
        else way.walked++;
      }
    }
  }
  return found.map((ways, i) => {
    const best = [...ways.values()].toSorted(
      (a, b) => b.walked - a.walked || a.nodes.length - b.nodes.length,
    );
    return best.length > 0 ? fromEachInTurn(best).slice(0, waysMax) : wayOfReason(store, result.items[i]!);
  });
}

/** Where a walk meets an item: at its pin, at its board, or at any board of its user. */
function placesOf(store: Store, items: readonly RecommendedItem[]): Map<number, number> {
  const places = new Map<number, number>();
  for (const [place, { pin, board, user }] of items.entries()) {
    if (user !== undefined) {
      for (const index of store.boardsOf(store.indexOf('users', user) ?? -1)) places.set(index, place);
    } else {
      const index = store.indexOf(pin === undefined ? 'boards' : 'pins', pin ?? board ?? '');
      if (index !== undefined) places.set(index, place);
    }
  }
  return places;
}

function fromEachInTurn(ways: readonly Way[]): Way[] {
  const turns = new Map<number, number>();
  return ways
    .map((way) => {
      const home = way.nodes[0]!.index;
      const turn = turns.get(home) ?? 0;
      turns.set(home, turn + 1);
      return { way, turn };
    })
    .toSorted((a, b) => a.turn - b.turn)
    .map(({ way }) => way);
}

function refsOf(nodes: readonly number[]): NodeRef[] {
  return nodes.map((index, i) => ({ kind: i % 2 === 0 ? 'pin' : 'board', index }));
}

function wayOfReason(store: Store, { pin, reason }: RecommendedItem): Way[] {
  if (pin === undefined || reason === undefined) return [];
  const { via, bridge } = reason;
  const keys =
    bridge === undefined
      ? via.slice(0, 1).map((each) => [each.pin, each.board, pin])
      : [[bridge.queryPin, bridge.queryBoard, bridge.pin, bridge.board, pin]];
  return keys.flatMap((way) => {
    const nodes = way.map((key, i) => store.indexOf(i % 2 === 0 ? 'pins' : 'boards', key));
    return nodes.every((node) => node !== undefined) ? [{ nodes: refsOf(nodes), walked: 0 }] : [];
  });
}

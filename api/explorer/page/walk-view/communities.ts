import { coloredCommunities } from './colors.ts';
import type { WalkResponse } from '../rest/index.ts';
import { nameOf } from './walk.ts';

/** A community that has a colour. */
export interface Community {
  readonly nodes: number;
  /** Its most visited pins. */
  readonly names: readonly string[];
}

/** Communities of a drawing. */
export interface Communities {
  /** The largest first, by visits of their pins. */
  readonly largest: readonly Community[];
  /** Of each node, the place of its community among these; -1 for smaller ones and for the query's own pins. */
  readonly places: Int32Array;
}

const namesMax = 3;

export function largestCommunities({ nodes }: WalkResponse, found: Int32Array): Communities {
  const visits = new Map<number, number>();
  for (const [i, community] of found.entries()) {
    const { kind, visits: count } = nodes[i]!;
    if (community >= 0) visits.set(community, (visits.get(community) ?? 0) + (kind === 'pin' ? count : 0));
  }
  const order = [...visits]
    .toSorted(([a, visitsA], [b, visitsB]) => visitsB - visitsA || a - b)
    .slice(0, coloredCommunities)
    .map(([community]) => community);
  const places = found.map((community) => order.indexOf(community));
  const largest = order.map((_, place): Community => {
    const own = nodes.filter((_node, i) => places[i] === place);
    const pins = own.filter(({ kind }) => kind === 'pin').toSorted((a, b) => b.visits - a.visits);
    return { nodes: own.length, names: pins.slice(0, namesMax).map(nameOf) };
  });
  return { largest, places };
}

import type { WalkResponse } from '../rest/index.ts';
import { coloredCommunities } from './colors.ts';
import { nameOf } from './name-of.ts';

/** A community with a colour of its own. */
interface Community {
  readonly nodes: number;
  /** The titles of its most visited pins. */
  readonly names: readonly string[];
}

/** The communities of a drawing. */
export interface Communities {
  /** Those with the most visits to their pins, most visits first. */
  readonly largest: readonly Community[];
  /** For each node, the index of its community in `largest`; -1 in smaller ones and for the query pins. */
  readonly ofNode: Int32Array;
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
  const ofNode = found.map((community) => order.indexOf(community));
  const largest = order.map((_, index): Community => {
    const own = nodes.filter((_node, i) => ofNode[i] === index);
    const pins = own.filter(({ kind }) => kind === 'pin').toSorted((a, b) => b.visits - a.visits);
    return { nodes: own.length, names: pins.slice(0, namesMax).map(nameOf) };
  });
  return { largest, ofNode };
}

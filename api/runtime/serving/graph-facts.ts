import { type Adjacency, DegreeHistogram, type DegreeSummary } from '../../../engine/graph/index.ts';
import { type DataFolder, type LoadedSnapshot, listSnapshots } from '../../../graph-data/index.ts';

/** Facts about a snapshot that never change. */
interface GraphFacts {
  /** ISO 8601; null when the snapshot's file is gone. */
  readonly builtAt: string | null;
  /** Boards of pins, and pins of boards. */
  readonly degrees: { readonly pins: DegreeSummary; readonly boards: DegreeSummary };
  /** Communities per level, finest first; undefined when the build omitted them. */
  readonly communities: readonly number[] | undefined;
}

/** Nodes between two turns of the event loop: about 2 ms. */
const nodesPerTurn = 2 ** 20;

/** Returns a function that computes the facts of a snapshot, O(nodes), once. */
export function createGraphFacts(folder: DataFolder): (snapshot: LoadedSnapshot) => Promise<GraphFacts> {
  const known = new WeakMap<LoadedSnapshot, Promise<GraphFacts>>();
  return (snapshot) => {
    let facts = known.get(snapshot);
    if (facts === undefined) {
      facts = computeFacts(folder, snapshot);
      known.set(snapshot, facts);
      facts.catch(() => known.delete(snapshot));
    }
    return facts;
  };
}

async function computeFacts(folder: DataFolder, snapshot: LoadedSnapshot): Promise<GraphFacts> {
  const { version, graph, communities } = snapshot;
  // The arrays of a live graph are longer.
  const { pins, boards } = snapshot.header.counts;
  const file = listSnapshots(folder).find((entry) => entry.version === version);
  return {
    builtAt: file?.builtAt ?? null,
    degrees: {
      pins: await degreesOf(graph.pinToBoard, pins),
      boards: await degreesOf(graph.boardToPin, boards),
    },
    communities: communities && (await communityCounts(communities)),
  };
}

async function degreesOf(adjacency: Adjacency, nodes: number): Promise<DegreeSummary> {
  const histogram = new DegreeHistogram();
  await inTurns(nodes, (start, end) => histogram.add(adjacency, start, end));
  return histogram.summary();
}

/** Each level numbers its communities from 0 without gaps, pins and boards together. */
async function communityCounts({
  levels,
  pins,
  boards,
}: NonNullable<LoadedSnapshot['communities']>): Promise<number[]> {
  const counts = Array<number>(levels).fill(0);
  for (const communities of [pins, boards]) {
    const nodes = communities.length / levels;
    await inTurns(communities.length, (start, end) => {
      for (let i = start; i < end; i++) {
        const level = Math.floor(i / nodes);
        if (communities[i]! >= counts[level]!) counts[level] = communities[i]! + 1;
      }
    });
  }
  return counts;
}

async function inTurns(count: number, work: (start: number, end: number) => void): Promise<void> {
  for (let start = 0; start < count; start += nodesPerTurn) {
    work(start, Math.min(count, start + nodesPerTurn));
    await new Promise(setImmediate);
  }
}

import { type Adjacency, DegreeHistogram, type DegreeSummary } from '../../../engine/index.ts';
import { type DataFolder, type LoadedSnapshot, listSnapshots } from '../../../graph-data/index.ts';

/** What does not change about a snapshot. */
interface GraphFacts {
  /** ISO 8601; null when the snapshot's file is gone. */
  readonly builtAt: string | null;
  /** Boards of pins, and pins of boards. */
  readonly degrees: { readonly pins: DegreeSummary; readonly boards: DegreeSummary };
  /** Communities of each level, from the finest; undefined when the build left them out. */
  readonly communities: readonly number[] | undefined;
}

/** Nodes looked at between two turns of others: some 2 ms. */
const nodesPerTurn = 2 ** 20;

/** The facts of snapshots, each found out once: O(nodes), in turns. */
export class GraphFactsOf {
  readonly #folder: DataFolder;
  readonly #facts = new WeakMap<LoadedSnapshot, Promise<GraphFacts>>();

  constructor(folder: DataFolder) {
    this.#folder = folder;
  }

  of(snapshot: LoadedSnapshot): Promise<GraphFacts> {
    const known = this.#facts.get(snapshot);
    if (known !== undefined) return known;
    const facts = findOut(this.#folder, snapshot);
    this.#facts.set(snapshot, facts);
    facts.catch(() => this.#facts.delete(snapshot));
    return facts;
  }
}

async function findOut(folder: DataFolder, snapshot: LoadedSnapshot): Promise<GraphFacts> {
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

/** Communities of a level are numbered from 0 without gaps, pins and boards together. */
async function communityCounts({
  levels,
  pins,
  boards,
}: NonNullable<LoadedSnapshot['communities']>): Promise<number[]> {
  const counts = Array<number>(levels).fill(0);
  for (const side of [pins, boards]) {
    const nodes = side.length / levels;
    await inTurns(side.length, (start, end) => {
      for (let i = start; i < end; i++) {
        const level = Math.floor(i / nodes);
        if (side[i]! >= counts[level]!) counts[level] = side[i]! + 1;
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

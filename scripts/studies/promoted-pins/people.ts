import path from 'node:path';
import {
  Engine,
  InterestIndex,
  type PinBoardGraph,
  type TimedSaves,
  type TopicTree,
  degreeOf,
  growTree,
  neighborsOf,
  nodeCount,
  presets,
  resolvePipeline,
  runPipeline,
  splitLatestOfUsers,
} from '../../../engine/index.ts';
import { openExistingDataFolder, readFolderSaves, readTimedSaves } from '../../../graph-data/index.ts';
import { findCommunities } from '../../../graph-data/analysis/index.ts';

/** A person whose latest saves are hidden. */
export interface Person {
  readonly user: number;
  readonly visible: ReadonlySet<number>;
  readonly hidden: ReadonlySet<number>;
  /** The pins that the walk of their feed finds. */
  readonly walked: { readonly count: number; readonly pins: Int32Array; readonly scores: Float64Array };
  /** Share of the visible saves by topic, those below included. */
  readonly ownShares: Float64Array;
  /** The same of all saves: part of the click model, hidden from the policies. */
  readonly taste: Float64Array;
}

export interface Population {
  readonly name: string;
  readonly graph: PinBoardGraph;
  readonly tree: TopicTree;
  readonly people: readonly Person[];
}

/** Of each person's saves. */
const hiddenShare = 0.2;
const splitSeed = 1;
/** Fewer visible or hidden saves say too little of a person. */
const [visibleMin, hiddenMin] = [8, 2];
/** Pins of a walk. */
const walkedMax = 2_000;

/** Ratings of at least 4, of MovieLens latest-small; the latest fifth of each person's is hidden. */
export async function movieLens(folder: string, peopleMax: number): Promise<Population> {
  const file = path.join(folder, 'movielens-small', 'ratings.tsv.gz');
  const columns = ['user', 'pin', 'weight', 'savedAt'];
  return populate('MovieLens', await readTimedSaves(file, { columns, weightMin: 4 }), peopleMax);
}

/** The packages of the npm sample and their dependencies, from a data folder; a random fifth is hidden, for there are no times. */
export function npmSample(data: string, peopleMax: number): Population {
  return populate('npm', readFolderSaves(openExistingDataFolder(data)), peopleMax);
}

function populate(name: string, saves: TimedSaves, peopleMax: number): Population {
  const { boards, users } = splitLatestOfUsers(saves, hiddenShare, splitSeed);
  const graph = boards.train;
  const tree = topicsOf(graph);
  const all = Array.from({ length: nodeCount(users.heldOut) }, (_, user) => user).filter(
    (user) =>
      degreeOf(users.train.boardToPin, user) >= visibleMin && degreeOf(users.heldOut, user) >= hiddenMin,
  );
  const step = Math.max(1, all.length / peopleMax);
  const some = all.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  const walk = walker(graph);
  const people = some.map((user): Person => {
    const visible = [...neighborsOf(users.train.boardToPin, user)];
    const hidden = [...neighborsOf(users.heldOut, user)];
    return {
      user,
      visible: new Set(visible),
      hidden: new Set(hidden),
      walked: walk(user, visible),
      ownShares: sharesOf(tree, visible),
      taste: sharesOf(tree, [...visible, ...hidden]),
    };
  });
  return { name, graph, tree, people };
}

/** The interests of the graph without the hidden saves, and the interest of each pin. */
function topicsOf(graph: PinBoardGraph): TopicTree {
  const communities = findCommunities(graph);
  const nodes = growTree(graph, communities);
  const placed = nodes.map(({ level, community }, interest) => ({ level, community, interest }));
  const index = new InterestIndex(graph, communities, placed);
  return {
    parents: Int32Array.from(nodes, ({ parent }) => parent),
    ofPin: Int32Array.from({ length: nodeCount(graph.pinToBoard) }, (_, pin) => index.of(pin)),
  };
}

function walker(graph: PinBoardGraph): (user: number, pins: readonly number[]) => Person['walked'] {
  const engine = new Engine(graph);
  const pipeline = resolvePipeline(presets.feed);
  return (user, pins) => {
    const query = { pins, weights: pins.map(() => 1) };
    const options = { limit: walkedMax, randomSeed: user + 1, isExcluded: () => false };
    const { best } = runPipeline(engine, {}, query, pipeline, options);
    return {
      count: best.length,
      pins: Int32Array.from(best, ({ pin }) => pin),
      scores: Float64Array.from(best, ({ score }) => score),
    };
  };
}

function sharesOf({ parents, ofPin }: TopicTree, pins: readonly number[]): Float64Array {
  const shares = new Float64Array(parents.length);
  for (const pin of pins) {
    for (let topic = ofPin[pin]!; topic >= 0; topic = parents[topic]!) shares[topic]! += 1 / pins.length;
  }
  return shares;
}

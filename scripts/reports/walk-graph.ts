import { writeFileSync } from 'node:fs';
import type { OpenGraph, WalkDiagnostics } from '../../api/index.ts';
import {
  type GraphFileFormat,
  toGraphology,
  walkedNodes,
  writeGraphology,
} from '../../graph-data/graphology/index.ts';

/** The file to write, and the maximum size of its graph. */
export interface GraphFile {
  readonly file: string;
  readonly format: GraphFileFormat;
  readonly nodesMax: number;
}

/** The file that was written, and the size of its graph. */
export interface WrittenGraph {
  readonly file: string;
  readonly format: GraphFileFormat;
  readonly nodes: number;
  readonly edges: number;
}

/** Writes the most visited nodes of a walk and the saves among them, with attributes, as a graph file. */
export async function writeWalkGraph(
  { snapshot, store }: OpenGraph,
  { result, queryPins, trace }: WalkDiagnostics,
  { file, format, nodesMax }: GraphFile,
): Promise<WrittenGraph> {
  const { graph, communities } = snapshot;
  const queryIndexes = new Set(queryPins.map(({ index }) => index));
  const scores = new Map(
    result.items.map((item) => [item.pin === undefined ? `b${item.board}` : `p${item.pin}`, item.score]),
  );
  const attributesOf = (kind: 'pin' | 'board', index: number): Record<string, unknown> => {
    const { key = '', title } = store.nodeAt(kind === 'pin' ? 'pins' : 'boards', index) ?? {};
    const all =
      communities === undefined ? undefined : kind === 'pin' ? communities.pins : communities.boards;
    const level = communities === undefined ? 0 : communities.levels - 1;
    const attributes = {
      label: title ?? key,
      key,
      title: title ?? undefined,
      visits: (kind === 'pin' ? trace.pinVisits : trace.boardVisits).visitCountOf(index),
      score: scores.get(`${kind === 'pin' ? 'p' : 'b'}${key}`),
      // The coarsest level: a neighborhood has almost as many of the finer communities as nodes.
      community: all?.[(level * all.length) / (communities?.levels ?? 1) + index],
      query: kind === 'pin' && queryIndexes.has(index),
    };
    return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined));
  };
  const nodes = walkedNodes(graph, {
    queryPins: [...queryIndexes],
    pinVisits: trace.pinVisits,
    boardVisits: trace.boardVisits,
    nodesMax,
  });
  const subgraph = toGraphology(graph, {
    nodes,
    pinAttributes: (pin) => attributesOf('pin', pin),
    boardAttributes: (board) => attributesOf('board', board),
  });
  const { name, preset } = result.algorithm;
  const source = `snapshot ${result.graphVersion}, ${preset ?? name}, seed ${result.randomSeed}`;
  subgraph.setAttribute('creator', 'pinwalk');
  subgraph.setAttribute('description', `Most visited nodes of a walk: ${source}`);
  writeFileSync(file, await writeGraphology(subgraph, format));
  return { file, format, nodes: subgraph.order, edges: subgraph.size };
}

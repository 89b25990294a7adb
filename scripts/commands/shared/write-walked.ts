import { writeFileSync } from 'node:fs';
import type { OpenGraph, WalkDiagnostics } from '../../../api/index.ts';
import {
  type GraphFileFormat,
  toGraphology,
  walkedNodes,
  writeGraphology,
} from '../../../graph-data/index.ts';

/** Where to write the walked neighborhood, and how much of it. */
export interface GraphFile {
  readonly file: string;
  readonly format: GraphFileFormat;
  readonly nodesMax: number;
}

/** What was written. */
export interface WrittenGraph {
  readonly file: string;
  readonly format: GraphFileFormat;
  readonly nodes: number;
  readonly edges: number;
}

/** Writes the neighborhood that was walked, with what is known of its nodes. */
export function writeWalked(
  { snapshot, store }: OpenGraph,
  { result, queryPins, trace }: WalkDiagnostics,
  { file, format, nodesMax: most }: GraphFile,
): WrittenGraph {
  const { graph, communities } = snapshot;
  const asked = new Set(queryPins.map(({ index }) => index));
  const scores = new Map(
    result.items.map((item) => [item.pin === undefined ? `b${item.board}` : `p${item.pin}`, item.score]),
  );
  const attributesOf = (kind: 'pin' | 'board', index: number): Record<string, unknown> => {
    const { key = '', title } = store.nodeAt(kind === 'pin' ? 'pins' : 'boards', index) ?? {};
    const all =
      communities === undefined ? undefined : kind === 'pin' ? communities.pins : communities.boards;
    const level = communities === undefined ? 0 : communities.levels - 1;
    const known = {
      label: title ?? key,
      key,
      title: title ?? undefined,
      visits: (kind === 'pin' ? trace.pinVisits : trace.boardVisits).visitCountOf(index),
      score: scores.get(`${kind === 'pin' ? 'p' : 'b'}${key}`),
      // The coarsest communities: of the finer ones, a neighborhood has nearly as many as nodes.
      community: all?.[(level * all.length) / (communities?.levels ?? 1) + index],
      query: asked.has(index) && kind === 'pin',
    };
    return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  };
  const nodes = walkedNodes(graph, {
    queryPins: queryPins.map(({ index }) => index),
    pinVisits: trace.pinVisits,
    boardVisits: trace.boardVisits,
    nodesMax: most,
  });
  const walked = toGraphology(graph, {
    nodes,
    pinAttributes: (pin) => attributesOf('pin', pin),
    boardAttributes: (board) => attributesOf('board', board),
  });
  walked.setAttribute('creator', 'pinwalk');
  const { name, preset } = result.algorithm;
  const from = `snapshot ${result.graphVersion}, ${preset ?? name}, seed ${result.randomSeed}`;
  walked.setAttribute('description', `Where a walk was most: ${from}`);
  writeFileSync(file, writeGraphology(walked, format));
  return { file, format, nodes: walked.order, edges: walked.size };
}

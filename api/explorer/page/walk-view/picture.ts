import { UndirectedGraph } from 'graphology';
import type { WalkResponse } from '../rest/index.ts';
import { nameOf } from './walk.ts';

/** A node as it is drawn. */
// Graphology takes attributes of types alone, not of interfaces.
export type PictureNode = {
  x: number;
  y: number;
  readonly size: number;
  readonly label: string;
  readonly kind: 'pin' | 'board';
  readonly isQuery: boolean;
};

/** The graph that is drawn; a node's key is its place in the walk's `nodes`. */
export type Picture = UndirectedGraph<PictureNode, { readonly size: number }>;

/** Sizes are radii in pixels while nothing is zoomed. */
const sizes = { pin: [3.5, 20], board: [1.8, 5] } as const;
const nodesLarge = 400;
const pixelsUsual = 520;
const labelCharactersMax = 32;

/**
 * The drawing of a walk before it is laid out: nodes as large as their visits say, by area, on a spiral from the middle outwards in the order
 * of the answer. So the same walk is drawn the same.
 */
export function pictureOf({ nodes, edges, queryPins }: WalkResponse, pixels: number): Picture {
  const picture: Picture = new UndirectedGraph();
  const asked = new Set(queryPins.map(({ pin }) => pin));
  const scale = scaleOf(nodes.length, pixels);
  const most = { pin: 1, board: 1 };
  for (const { kind, visits, key } of nodes) {
    if (kind === 'board' || !asked.has(key)) most[kind] = Math.max(most[kind], visits);
  }
  for (const [i, node] of nodes.entries()) {
    const { kind, visits, key } = node;
    const [smallest, largest] = sizes[kind];
    const isQuery = kind === 'pin' && asked.has(key);
    const share = isQuery ? 1 : Math.sqrt(visits / most[kind]);
    const name = nameOf(node);
    picture.addNode(String(i), {
      ...onSpiral(i),
      size: scale * (smallest + (largest - smallest) * share),
      label: name.length > labelCharactersMax ? `${name.slice(0, labelCharactersMax - 1)}…` : name,
      kind,
      isQuery,
    });
  }
  for (const [pin, board] of edges) picture.addEdge(String(pin), String(board), { size: 1 });
  return picture;
}

/** How much smaller so many nodes are drawn, on so many pixels in the direction that has fewer. */
export function scaleOf(nodes: number, pixels: number): number {
  const forNodes = Math.max(0.5, Math.min(1, Math.sqrt(nodesLarge / nodes)));
  return forNodes * Math.max(0.5, Math.min(1, pixels / pixelsUsual));
}

const goldenAngle = Math.PI * (3 - Math.sqrt(5));

function onSpiral(i: number): { x: number; y: number } {
  const radius = 10 * Math.sqrt(i + 1);
  return { x: radius * Math.cos(i * goldenAngle), y: radius * Math.sin(i * goldenAngle) };
}

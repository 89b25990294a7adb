import { UndirectedGraph } from 'graphology';
import type { WalkResponse } from '../rest/index.ts';
import { nameOf } from './name-of.ts';

/** A node as it is drawn. */
// Graphology accepts type aliases as attributes, but no interfaces.
export type PictureNode = {
  x: number;
  y: number;
  readonly size: number;
  readonly label: string;
  readonly kind: 'pin' | 'board';
  readonly isQuery: boolean;
};

/** The graph that is drawn. The key of a node is its index in the walk's `nodes`. */
export type Picture = UndirectedGraph<PictureNode, { readonly size: number }>;

/** Radii in pixels before any zoom: of the least and the most visited node. */
const sizes = { pin: [3.5, 20], board: [1.8, 5] } as const;
const nodesAtFullSize = 400;
const pixelsAtFullSize = 520;
const labelCharactersMax = 32;

/**
 * The picture of a walk before its layout. The area of a node is proportional to its visits, and nodes lie on a spiral in the
 * order of the response, so the same walk gives the same drawing.
 */
export function pictureOf({ nodes, edges, queryPins }: WalkResponse, pixels: number): Picture {
  const picture: Picture = new UndirectedGraph();
  const queryKeys = new Set(queryPins.map(({ pin }) => pin));
  const scale = scaleOf(nodes.length, pixels);
  const most = { pin: 1, board: 1 };
  for (const { kind, visits, key } of nodes) {
    if (kind === 'board' || !queryKeys.has(key)) most[kind] = Math.max(most[kind], visits);
  }
  for (const [i, node] of nodes.entries()) {
    const { kind, visits, key } = node;
    const [smallest, largest] = sizes[kind];
    const isQuery = kind === 'pin' && queryKeys.has(key);
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

/** The factor by which nodes shrink when there are many of them, or few pixels in the shorter direction. */
export function scaleOf(nodes: number, pixels: number): number {
  const forNodes = Math.max(0.5, Math.min(1, Math.sqrt(nodesAtFullSize / nodes)));
  return forNodes * Math.max(0.5, Math.min(1, pixels / pixelsAtFullSize));
}

const goldenAngle = Math.PI * (3 - Math.sqrt(5));

function onSpiral(i: number): { x: number; y: number } {
  const radius = 10 * Math.sqrt(i + 1);
  return { x: radius * Math.cos(i * goldenAngle), y: radius * Math.sin(i * goldenAngle) };
}

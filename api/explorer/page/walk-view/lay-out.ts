import type { LayoutOrder, LayoutTold } from './layout-worker.ts';
import type { Picture } from './picture.ts';

export interface LayoutListener {
  /** Of each node, its community; -1 for none. */
  readonly onCommunities: (communities: Int32Array) => void;
  readonly onPositions: (isDone: boolean) => void;
}

/** The worker's file has a name that changes with its content: the page's HTML tells it. */
function workerUrl(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="layout-worker"]')!.content;
}

/**
 * Lays a picture out in a thread of its own, and puts what comes of it into the picture, step by step. The returned function
 * ends that.
 */
export function layOut(picture: Picture, { onCommunities, onPositions }: LayoutListener): () => void {
  const worker = new Worker(workerUrl(), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<LayoutTold>) => {
    if ('communities' in data) {
      onCommunities(data.communities);
      return;
    }
    const { positions, isDone } = data;
    picture.updateEachNodeAttributes(
      (node, attributes) => {
        attributes.x = positions[2 * Number(node)]!;
        attributes.y = positions[2 * Number(node) + 1]!;
        return attributes;
      },
      { attributes: ['x', 'y'] },
    );
    onPositions(isDone);
    if (isDone) worker.terminate();
  });
  const order = orderOf(picture);
  worker.postMessage(order, [order.positions.buffer, order.sizes.buffer, order.edges.buffer]);
  return () => worker.terminate();
}

function orderOf(picture: Picture): LayoutOrder {
  const positions = new Float32Array(2 * picture.order);
  const sizes = new Float32Array(picture.order);
  const hubs: number[] = [];
  picture.forEachNode((node, { x, y, size, isQuery }) => {
    sizes[Number(node)] = size;
    positions.set([x, y], 2 * Number(node));
    if (isQuery) hubs.push(Number(node));
  });
  const edges = new Int32Array(2 * picture.size);
  let at = 0;
  picture.forEachEdge((_edge, _attributes, pin, board) => {
    edges[at++] = Number(pin);
    edges[at++] = Number(board);
  });
  return { positions, sizes, edges, hubs };
}

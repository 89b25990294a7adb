import type { LayoutInput, LayoutResult } from './layout-worker.ts';
import type { Picture } from './picture.ts';

interface LayoutListener {
  /** Called once with the community of each node; -1 for none. */
  readonly onCommunities: (communities: Int32Array) => void;
  /** Called after each update of the positions. */
  readonly onPositions: (isDone: boolean) => void;
}

/** The URL of the worker changes with its content, so the HTML page names it. */
function workerUrl(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="layout-worker"]')!.content;
}

/** Lays a picture out in a worker and updates its positions step by step. The returned function ends the layout. */
export function layOut(picture: Picture, { onCommunities, onPositions }: LayoutListener): () => void {
  const worker = new Worker(workerUrl(), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<LayoutResult>) => {
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
  const input = inputOf(picture);
  worker.postMessage(input, [input.positions.buffer, input.sizes.buffer, input.edges.buffer]);
  return () => worker.terminate();
}

function inputOf(picture: Picture): LayoutInput {
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

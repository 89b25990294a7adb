import { Sigma } from 'sigma';
import type { EdgeDisplayData, NodeDisplayData } from 'sigma/types';
import { type Colors, type Rgb, css, over, readColors } from './colors.ts';
import { FrameLabels, drawHover } from './labels.ts';
import { layOut } from './lay-out.ts';
import { type Picture, type PictureNode, pictureOf, scaleOf } from './picture.ts';
import type { WalkResponse } from '../rest/index.ts';

/** The highlighted part; the rest is dimmed. */
interface Highlight {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

interface DrawingListener {
  /** Called with a node that is clicked, or undefined for a click between nodes. */
  readonly onPick: (node: number | undefined) => void;
  readonly onCommunities: (communities: Int32Array) => void;
  /** Called when the nodes have reached their final positions. */
  readonly onSettled: () => void;
}

const boardShare = 0.5;
const dimShare = 0.14;
const edgeShare = 0.5;
const zoomMs = 200;
/** With more nodes, edges are hidden while the view moves: they take most of the time of a frame. */
const nodesWithEdgesOnMove = 800;

/** At the end of the zoom range, Sigma would let the wheel scroll the page. */
function keepPage(event: WheelEvent): void {
  event.preventDefault();
}

/** A walk on a canvas (Sigma.js): drawn at once and laid out in a worker, with zoom, hover and click. */
export class Drawing {
  readonly #sigma: Sigma<PictureNode, { readonly size: number }>;
  readonly #picture: Picture;
  readonly #container: HTMLElement;
  readonly #endLayout: () => void;
  readonly #watch: MutationObserver;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #isReduced = matchMedia('(prefers-reduced-motion: reduce)').matches;
  readonly #labels = new FrameLabels(() => this.#colors);
  #isEnded = false;
  #isRefreshing = false;
  #colors: Colors;
  #communities: Int32Array | undefined;
  #lit: Highlight | undefined;
  #hovered: Highlight | undefined;

  /** Throws when the browser has no WebGL. */
  constructor(container: HTMLElement, walk: WalkResponse, listener: DrawingListener) {
    const canvas = document.createElement('canvas');
    if ((canvas.getContext('webgl2') ?? canvas.getContext('webgl')) === null) throw new Error('no WebGL');
    this.#container = container;
    this.#colors = readColors(container);
    const pixels = Math.min(container.clientWidth, container.clientHeight);
    this.#picture = pictureOf(walk, pixels);
    this.#sigma = new Sigma<PictureNode, { readonly size: number }>(this.#picture, container, {
      allowInvalidContainer: true,
      hideEdgesOnMove: walk.nodes.length > nodesWithEdgesOnMove,
      labelFont: 'system-ui',
      labelSize: 13,
      labelDensity: 0.6,
      labelGridCellSize: 110,
      labelRenderedSizeThreshold: 7 * scaleOf(walk.nodes.length, pixels),
      minEdgeThickness: 0.5,
      stagePadding: pixels < 400 ? 24 : 40,
      zIndex: true,
      minCameraRatio: 0.03,
      maxCameraRatio: 2,
      // Sizes that grow in step with the zoom would soon cover each other.
      zoomToSizeRatioFunction: (ratio) => Math.sqrt(ratio),
      defaultDrawNodeLabel: this.#labels.add,
      defaultDrawNodeHover: drawHover(() => this.#colors),
      nodeReducer: (node, attributes) => this.#nodeLook(node, attributes),
      edgeReducer: (edge, attributes) => this.#edgeLook(edge, attributes),
    });
    this.#bind(listener);
    container.addEventListener('wheel', keepPage, { passive: false });
    this.#watch = new MutationObserver(this.#recolor);
    this.#watch.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    this.#scheme.addEventListener('change', this.#recolor);
    this.#endLayout = layOut(this.#picture, {
      onCommunities: (communities) => listener.onCommunities(communities),
      onPositions: (isDone) => {
        if (isDone) {
          this.#sigma.refresh();
          listener.onSettled();
        } else if (!this.#isReduced) this.#refreshSoon();
      },
    });
  }

  /** Colours each node by the index of its community; -1 has no colour of its own. */
  color(communities: Int32Array): void {
    this.#communities = communities;
    this.#redraw();
  }

  /** Highlights paths; without paths, nothing is highlighted. */
  lightPaths(paths: readonly { readonly nodes: readonly number[] }[] | undefined): void {
    const edges = paths?.flatMap(({ nodes }) =>
      nodes.slice(1).flatMap((node, i) => this.#picture.edge(String(nodes[i]), String(node)) ?? []),
    );
    const nodes = paths?.flatMap((path) => path.nodes.map(String));
    this.#lit = paths && { nodes: new Set(nodes), edges: new Set(edges) };
    this.#redraw();
  }

  /** Highlights a node and its neighbors. */
  lightNode(node: number): void {
    this.#lit = this.#around(String(node));
    this.#redraw();
  }

  zoom(by: 'in' | 'out' | 'whole'): void {
    const camera = this.#sigma.getCamera();
    const duration = this.#isReduced ? 0 : zoomMs;
    if (by === 'in') void camera.animatedZoom({ duration });
    else if (by === 'out') void camera.animatedUnzoom({ duration });
    else void camera.animatedReset({ duration });
  }

  /** Ends the worker and removes canvas and listeners. */
  end(): void {
    this.#container.removeEventListener('wheel', keepPage);
    this.#isEnded = true;
    this.#endLayout();
    this.#watch.disconnect();
    this.#scheme.removeEventListener('change', this.#recolor);
    this.#sigma.kill();
  }

  readonly #recolor = (): void => {
    this.#colors = readColors(this.#container);
    this.#redraw();
  };

  #bind({ onPick }: DrawingListener): void {
    this.#sigma.on('beforeRender', () => this.#labels.begin());
    this.#sigma.on('afterRender', () => this.#labels.draw());
    this.#sigma.on('enterNode', ({ node }) => {
      this.#container.classList.add('is-pointing');
      this.#hovered = this.#around(node);
      if (this.#lit === undefined) this.#redraw();
    });
    this.#sigma.on('leaveNode', () => {
      this.#container.classList.remove('is-pointing');
      this.#hovered = undefined;
      if (this.#lit === undefined) this.#redraw();
    });
    this.#sigma.on('clickNode', ({ node }) => onPick(Number(node)));
    this.#sigma.on('clickStage', () => onPick(undefined));
  }

  #around(node: string): Highlight {
    return {
      nodes: new Set([node, ...this.#picture.neighbors(node)]),
      edges: new Set(this.#picture.edges(node)),
    };
  }

  /** Draws intermediate positions, at most one per frame. */
  #refreshSoon(): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    requestAnimationFrame(() => {
      if (!this.#isEnded) this.#sigma.refresh();
      // A frame is known to be drawn only in the second frame after it.
      requestAnimationFrame(() => requestAnimationFrame(() => (this.#isRefreshing = false)));
    });
  }

  /** Redraws after a change of looks, when no node has moved. */
  #redraw(): void {
    if (!this.#isEnded) this.#sigma.refresh({ skipIndexation: true, schedule: true });
  }

  #nodeLook(node: string, { kind, isQuery, ...attributes }: PictureNode): Partial<NodeDisplayData> {
    const { ground, ink } = this.#colors;
    const lit = this.#lit ?? this.#hovered;
    const isLit = lit?.nodes.has(node) === true;
    const isDim = lit !== undefined && !isLit;
    const color = isQuery ? ink : this.#communityColor(node);
    const share = isDim ? dimShare : kind === 'board' && !isLit ? boardShare : 1;
    const look = {
      ...attributes,
      color: over(ground, color, share),
      label: isDim ? '' : attributes.label,
      size: isLit && kind === 'board' ? Math.max(attributes.size, 4) : attributes.size,
      forceLabel: isQuery || (isLit && this.#lit !== undefined && (kind === 'pin' || lit.nodes.size < 12)),
      zIndex: isLit || isQuery ? 2 : kind === 'pin' ? 1 : 0,
    };
    return Object.assign(look, { isStrong: kind === 'pin' && (isQuery || isLit) && !isDim });
  }

  #edgeLook(edge: string, { size }: { readonly size: number }): Partial<EdgeDisplayData> {
    const { ground, quiet, lit: litColor } = this.#colors;
    const lit = this.#lit ?? this.#hovered;
    if (lit === undefined)
      return { size, color: over(ground, this.#colorOfEdge(edge), edgeShare), zIndex: 0 };
    const isLit = lit.edges.has(edge);
    if (!isLit) return { size: size / 2, color: over(ground, quiet, dimShare / 2), zIndex: 0 };
    return { size: this.#lit === undefined ? 1 : 2.4, color: css(litColor), zIndex: 1 };
  }

  /** A save within a community has the colour of that community. */
  #colorOfEdge(edge: string): Rgb {
    const [pin, board] = this.#picture.extremities(edge);
    const isWithin = this.#communities?.[Number(pin)] === this.#communities?.[Number(board)];
    return isWithin ? this.#communityColor(board) : this.#colors.quiet;
  }

  #communityColor(node: string): Rgb {
    const community = this.#communities?.[Number(node)] ?? -1;
    return this.#colors.communities[community] ?? this.#colors.other;
  }
}

import { Sigma } from 'sigma';
import type { EdgeDisplayData, NodeDisplayData } from 'sigma/types';
import { type Colors, type Rgb, css, over, readColors } from './colors.ts';
import { LabelPlaces, drawHover, drawLabel } from './labels.ts';
import { layOut } from './lay-out.ts';
import { type Picture, type PictureNode, pictureOf, scaleOf } from './picture.ts';
import type { WalkResponse } from '../rest/index.ts';

/** What is lit; the rest steps back. */
export interface Lit {
  readonly nodes: ReadonlySet<string>;
  /** Ways go along their edges alone; without, all edges between lit nodes are lit. */
  readonly edges?: ReadonlySet<string> | undefined;
}

export interface DrawingListener {
  /** A node was chosen; undefined: the ground between them. */
  readonly onPick: (node: number | undefined) => void;
  readonly onCommunities: (communities: Int32Array) => void;
  /** The nodes stay where they are now. */
  readonly onSettled: () => void;
}

const boardShare = 0.5;
const dimShare = 0.14;
const edgeShare = 0.5;
const zoomMs = 200;
/** With more nodes, edges are left out while the view moves: they take most of the time of a frame. */
const nodesWithEdgesOnMove = 800;

/** Where nothing is left to zoom, Sigma lets the page scroll away from under the pointer. */
function keepPage(event: WheelEvent): void {
  event.preventDefault();
}

/** A walk on a canvas (Sigma.js): drawn at once, laid out in a thread of its own, to be zoomed and pointed at. */
export class Drawing {
  readonly #sigma: Sigma<PictureNode, { readonly size: number }>;
  readonly #picture: Picture;
  readonly #container: HTMLElement;
  readonly #endLayout: () => void;
  readonly #watch: MutationObserver;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  readonly #labels = new LabelPlaces();
  #isEnded = false;
  #isRefreshing = false;
  #colors: Colors;
  #places: Int32Array | undefined;
  #lit: Lit | undefined;
  #hovered: Lit | undefined;

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
      // On a page that scrolls, sizes that grow with the zoom would soon cover each other.
      zoomToSizeRatioFunction: (ratio) => Math.sqrt(ratio),
      defaultDrawNodeLabel: drawLabel(() => this.#colors, this.#labels),
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
        } else if (!this.#isCalm) this.#refreshSoon();
      },
    });
  }

  /** Of each node, the place of its community among those that have a colour; -1 for none. */
  color(places: Int32Array): void {
    this.#places = places;
    this.#redraw();
  }

  /** Lights ways and lets the rest step back; undefined: all is as usual. */
  light(lit: Lit | undefined): void {
    this.#lit = lit;
    this.#redraw();
  }

  /** Lights a node and what is next to it. */
  lightNode(node: number): void {
    this.light(this.#around(String(node)));
  }

  zoom(by: 'in' | 'out' | 'whole'): void {
    const camera = this.#sigma.getCamera();
    const duration = this.#isCalm ? 0 : zoomMs;
    if (by === 'in') void camera.animatedZoom({ duration });
    else if (by === 'out') void camera.animatedUnzoom({ duration });
    else void camera.animatedReset({ duration });
  }

  /** Lets go of the canvas, the thread and the listeners. */
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
    this.#sigma.on('beforeRender', () => this.#labels.clear());
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

  #around(node: string): Lit {
    return {
      nodes: new Set([node, ...this.#picture.neighbors(node)]),
      edges: new Set(this.#picture.edges(node)),
    };
  }

  /** Draws positions on the way, as many of them as frames come. */
  #refreshSoon(): void {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    requestAnimationFrame(() => {
      if (!this.#isEnded) this.#sigma.refresh();
      // Only the frame after the next says that this one was drawn.
      requestAnimationFrame(() => requestAnimationFrame(() => (this.#isRefreshing = false)));
    });
  }

  /** Looks alone have changed: no node has moved. */
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
      forceLabel:
        isQuery || (isLit && this.#lit?.edges !== undefined && (kind === 'pin' || lit.nodes.size < 12)),
      zIndex: isLit || isQuery ? 2 : kind === 'pin' ? 1 : 0,
    };
    return Object.assign(look, { isStrong: kind === 'pin' && (isQuery || isLit) && !isDim });
  }

  #edgeLook(edge: string, { size }: { readonly size: number }): Partial<EdgeDisplayData> {
    const { ground, quiet, lit: litColor } = this.#colors;
    const lit = this.#lit ?? this.#hovered;
    if (lit === undefined)
      return { size, color: over(ground, this.#colorOfEdge(edge), edgeShare), zIndex: 0 };
    const isLit = lit.edges?.has(edge) === true;
    if (!isLit) return { size: size / 2, color: over(ground, quiet, dimShare / 2), zIndex: 0 };
    return { size: this.#lit === undefined ? 1 : 2.4, color: css(litColor), zIndex: 1 };
  }

  /** A save within a community has its colour. */
  #colorOfEdge(edge: string): Rgb {
    const [pin, board] = this.#picture.extremities(edge);
    const isWithin = this.#places?.[Number(pin)] === this.#places?.[Number(board)];
    return isWithin ? this.#communityColor(board) : this.#colors.quiet;
  }

  #communityColor(node: string): Rgb {
    const place = this.#places?.[Number(node)] ?? -1;
    return this.#colors.communities[place] ?? this.#colors.other;
  }

  /** The edges of ways, to be lit. */
  litWays(ways: readonly { readonly nodes: readonly number[] }[]): Lit {
    const edges = ways.flatMap(({ nodes }) =>
      nodes.slice(1).flatMap((node, i) => this.#picture.edge(String(nodes[i]), String(node)) ?? []),
    );
    return { nodes: new Set(ways.flatMap(({ nodes }) => nodes.map(String))), edges: new Set(edges) };
  }
}

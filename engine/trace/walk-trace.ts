import { type NodeKind, type PinBoardGraph, type PinIndex, degreeOf, nodeCount } from '../graph/index.ts';
import { type OnStep, VisitTable } from '../walk/index.ts';

/** The path of one walker from its query pin up to its restart. */
export interface TracedPath {
  readonly queryPin: PinIndex;
  /** The walker's random substream, counted from 0 for each query pin. */
  readonly walker: number;
  /** Alternately a pin and a board, starting with the query pin. The path of a lost walker ends with a board. */
  readonly nodes: readonly number[];
  /** Why the path ended: a restart, a lost walker (`boardShrinkage`), or the end of the walker's steps. */
  readonly ended: 'restart' | 'lost' | 'steps';
}

/** Statistics of the walkers of one query pin. */
export interface TracedQueryPin {
  readonly pin: PinIndex;
  readonly steps: number;
  /** Steps followed by a restart, except those on which the walker was lost. */
  readonly restarts: number;
  /** Steps on which a walker was lost. */
  readonly lost: number;
  /** Expected number of lost steps, given the sizes of the boards passed. */
  readonly lostExpected: number;
  /** Visits of each watched node, in the order of `watched`. */
  readonly watchedVisits: readonly number[];
}

interface WalkTraceOptions {
  /** Kind of the watched nodes. Default: pins. */
  readonly target?: NodeKind | undefined;
  /** Nodes whose visits are counted separately for each query pin. Default: none. */
  readonly watched?: readonly number[] | undefined;
  /** `boardShrinkage` of the walk, for `lostExpected`. Default: 0. */
  readonly boardShrinkage?: number | undefined;
  /** Number of paths to keep per query pin, the first ones to start. Default: 0. */
  readonly pathsPerQueryPin?: number | undefined;
}

interface OpenPath {
  readonly queryPin: PinIndex;
  readonly walker: number;
  readonly nodes: number[];
  ended: TracedPath['ended'];
}

interface QueryPinTrace {
  steps: number;
  restarts: number;
  lost: number;
  lostExpected: number;
  readonly watchedVisits: number[];
  readonly paths: OpenPath[];
  /** The unfinished path of each walker. */
  readonly openPaths: Map<number, OpenPath>;
}

/**
 * Records a walk step by step: pass {@link WalkTrace.onStep} to `pixie`. The steps are those of the kernel itself, which
 * then runs one round at a time. O(1) per step; memory grows with the distinct nodes visited and the paths kept.
 */
export class WalkTrace {
  /** Steps that ended at each pin, whatever `lastHop` is. */
  readonly pinVisits: VisitTable = new VisitTable();
  /** Steps that passed each board. */
  readonly boardVisits: VisitTable = new VisitTable();
  readonly #graph: PinBoardGraph;
  readonly #target: NodeKind;
  readonly #watchedIndex: ReadonlyMap<number, number>;
  readonly #boardShrinkage: number;
  readonly #pathsMax: number;
  readonly #byQueryPin = new Map<PinIndex, QueryPinTrace>();

  constructor(graph: PinBoardGraph, options: WalkTraceOptions = {}) {
    const { target = 'pins', watched = [], boardShrinkage = 0, pathsPerQueryPin = 0 } = options;
    this.#graph = graph;
    this.#target = target;
    this.#watchedIndex = new Map(watched.map((node, i) => [node, i]));
    this.#boardShrinkage = boardShrinkage;
    this.#pathsMax = pathsPerQueryPin;
    this.pinVisits.begin(1, nodeCount(graph.pinToBoard));
    this.boardVisits.begin(1, nodeCount(graph.boardToPin));
  }

  /** Records one step. A trace is for one walk. */
  readonly onStep: OnStep = (home, substream, board, end, restarts) => {
    const trace = this.#traceOf(home);
    trace.steps++;
    count(this.boardVisits, board);
    if (end >= 0) count(this.pinVisits, end);
    if (end < 0) trace.lost++;
    else if (restarts) trace.restarts++;
    if (this.#boardShrinkage > 0) {
      const degree = degreeOf(this.#graph.boardToPin, board);
      trace.lostExpected += this.#boardShrinkage / (degree + this.#boardShrinkage);
    }
    const watched = this.#watchedIndex.get(this.#targetNode(board, end));
    if (watched !== undefined) trace.watchedVisits[watched]!++;
    this.#extendPath(trace, home, substream, board, end, restarts);
  };

  /** Statistics of a query pin's walkers; all 0 if none walked. */
  queryPin(pin: PinIndex): TracedQueryPin {
    const { steps, restarts, lost, lostExpected, watchedVisits } =
      this.#byQueryPin.get(pin) ?? this.#emptyTrace();
    return { pin, steps, restarts, lost, lostExpected, watchedVisits };
  }

  /** The paths kept for a query pin, in the order in which they started. */
  pathsOf(pin: PinIndex): readonly TracedPath[] {
    return this.#byQueryPin.get(pin)?.paths ?? [];
  }

  #targetNode(board: number, end: PinIndex): number {
    if (this.#target === 'pins') return end;
    return this.#target === 'boards' ? board : this.#graph.boardToUser[board]!;
  }

  #traceOf(home: PinIndex): QueryPinTrace {
    let trace = this.#byQueryPin.get(home);
    if (trace === undefined) this.#byQueryPin.set(home, (trace = this.#emptyTrace()));
    return trace;
  }

  #emptyTrace(): QueryPinTrace {
    const watchedVisits = Array<number>(this.#watchedIndex.size).fill(0);
    const counts = { steps: 0, restarts: 0, lost: 0, lostExpected: 0 };
    return { ...counts, watchedVisits, paths: [], openPaths: new Map() };
  }

  #extendPath(
    { paths, openPaths }: QueryPinTrace,
    home: PinIndex,
    walker: number,
    board: number,
    end: PinIndex,
    restarts: boolean,
  ): void {
    let path = openPaths.get(walker);
    if (path === undefined) {
      // Paths are kept until the limit is reached, so a walker without an open path is at its home.
      if (paths.length === this.#pathsMax) return;
      path = { queryPin: home, walker, nodes: [home], ended: 'steps' };
      paths.push(path);
      openPaths.set(walker, path);
    }
    path.nodes.push(board);
    if (end >= 0) path.nodes.push(end);
    if (!restarts) return;
    path.ended = end < 0 ? 'lost' : 'restart';
    openPaths.delete(walker);
  }
}

function count(visits: VisitTable, node: number): void {
  if (visits.size === visits.touched.length) visits.grow();
  visits.add(node, 1);
}

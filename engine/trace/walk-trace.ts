import { type PinBoardGraph, type PinIndex, degreeOf, nodeCount } from '../graph/index.ts';
import { type StepListener, type Target, VisitTable } from '../walk/index.ts';

/** A way of one walker from its query pin to where it was put back there. */
export interface TracedPath {
  readonly queryPin: PinIndex;
  /** The walker's random stream, counted from 0 for each query pin. */
  readonly walker: number;
  /** Alternately a pin and a board, from the query pin on. A lost walker's path ends with a board. */
  readonly nodes: readonly number[];
  /** What ended it: a restart, a step that led nowhere (`boardShrinkage`), or the end of the walker's steps. */
  readonly ended: 'restart' | 'lost' | 'steps';
}

/** What the walkers of one query pin did. */
export interface TracedQueryPin {
  readonly pin: PinIndex;
  readonly steps: number;
  /** Steps after which a walker went home by chance; not those where it was lost, which go home anyway. */
  readonly restarts: number;
  readonly lost: number;
  /** Steps that were to be lost, by the sizes of the boards gone through. */
  readonly lostExpected: number;
  /** Visits of each watched node, in the order in which they were given. */
  readonly watchedVisits: readonly number[];
}

export interface WalkTraceOptions {
  /** Of what kind the watched nodes are. Default: pins. */
  readonly target?: Target | undefined;
  /** Nodes whose visits are counted by query pin. Default: none. */
  readonly watched?: readonly number[] | undefined;
  /** `boardShrinkage` of the walk, for what is expected of it. Default: 0. */
  readonly boardShrinkage?: number | undefined;
  /** Paths kept of each query pin, the first to begin. Default: 0. */
  readonly pathsPerQueryPin?: number | undefined;
}

interface OpenPath {
  readonly queryPin: PinIndex;
  readonly walker: number;
  readonly nodes: number[];
  ended: TracedPath['ended'];
}

interface Told {
  steps: number;
  restarts: number;
  lost: number;
  lostExpected: number;
  readonly watchedVisits: number[];
  readonly paths: OpenPath[];
  /** By walker, its path that goes on. */
  readonly open: Map<number, OpenPath>;
}

/**
 * What a walk did, told step by step: give {@link WalkTrace.onStep} to `pixie`. Steps are those of the kernel itself,
 * which is run round by round for it. O(1) a step; memory grows with the distinct nodes and the paths kept.
 */
export class WalkTrace {
  /** Steps that ended at each pin, whatever `lastHop` says. */
  readonly pinVisits: VisitTable = new VisitTable();
  /** Steps that went through each board. */
  readonly boardVisits: VisitTable = new VisitTable();
  readonly #graph: PinBoardGraph;
  readonly #target: Target;
  readonly #placeOf: ReadonlyMap<number, number>;
  readonly #boardShrinkage: number;
  readonly #pathsMax: number;
  readonly #told = new Map<PinIndex, Told>();

  constructor(graph: PinBoardGraph, options: WalkTraceOptions = {}) {
    const { target = 'pins', watched = [], boardShrinkage = 0, pathsPerQueryPin = 0 } = options;
    this.#graph = graph;
    this.#target = target;
    this.#placeOf = new Map(watched.map((node, place) => [node, place]));
    this.#boardShrinkage = boardShrinkage;
    this.#pathsMax = pathsPerQueryPin;
    this.pinVisits.begin(1, nodeCount(graph.pinToBoard));
    this.boardVisits.begin(1, nodeCount(graph.boardToPin));
  }

  /** The listener for the walk, one walk a trace. */
  readonly onStep: StepListener = (home, substream, board, end, goesHome) => {
    const told = this.#toldOf(home);
    told.steps++;
    count(this.boardVisits, board);
    if (end >= 0) count(this.pinVisits, end);
    if (end < 0) told.lost++;
    else if (goesHome) told.restarts++;
    if (this.#boardShrinkage > 0) {
      const degree = degreeOf(this.#graph.boardToPin, board);
      told.lostExpected += this.#boardShrinkage / (degree + this.#boardShrinkage);
    }
    const place = this.#placeOf.get(this.#nodeOf(board, end));
    if (place !== undefined) told.watchedVisits[place]!++;
    this.#follow(told, home, substream, board, end, goesHome);
  };

  /** What was told of a query pin's walkers; zeros when none walked. */
  queryPin(pin: PinIndex): TracedQueryPin {
    const { steps, restarts, lost, lostExpected, watchedVisits } = this.#told.get(pin) ?? this.#nothing();
    return { pin, steps, restarts, lost, lostExpected, watchedVisits };
  }

  /** The paths that were kept of a query pin, in the order in which they began. */
  pathsOf(pin: PinIndex): readonly TracedPath[] {
    return this.#told.get(pin)?.paths ?? [];
  }

  #nodeOf(board: number, end: PinIndex): number {
    if (this.#target === 'pins') return end;
    return this.#target === 'boards' ? board : this.#graph.boardToUser[board]!;
  }

  #toldOf(home: PinIndex): Told {
    let told = this.#told.get(home);
    if (told === undefined) this.#told.set(home, (told = this.#nothing()));
    return told;
  }

  #nothing(): Told {
    const watchedVisits = Array<number>(this.#placeOf.size).fill(0);
    return { steps: 0, restarts: 0, lost: 0, lostExpected: 0, watchedVisits, paths: [], open: new Map() };
  }

  #follow(
    { paths, open }: Told,
    home: PinIndex,
    walker: number,
    board: number,
    end: PinIndex,
    goesHome: boolean,
  ): void {
    let path = open.get(walker);
    if (path === undefined) {
      // As long as there is room every path is kept: so what is not open is at its beginning.
      if (paths.length === this.#pathsMax) return;
      path = { queryPin: home, walker, nodes: [home], ended: 'steps' };
      paths.push(path);
      open.set(walker, path);
    }
    path.nodes.push(board);
    if (end >= 0) path.nodes.push(end);
    if (!goesHome) return;
    path.ended = end < 0 ? 'lost' : 'restart';
    open.delete(walker);
  }
}

function count(visits: VisitTable, node: number): void {
  if (visits.size === visits.touched.length) visits.grow();
  visits.add(node, 1);
}

import Graphology, { UndirectedGraph } from 'graphology';
import { type Adjacency, sharedInt32Array } from '../../engine/index.ts';
import { adjacencyOf } from '../graphs.ts';
import { type PinwalkGraphology, graphologyView } from '../../graph-data/index.ts';
import { graphologyMethods, isWrite } from './graphology.ts';

/**
 * Lets Graphology's own specs, which build their graphs by mutation, run on the read-only view. Writes go to a
 * plain graph, the stage. A read goes to a view of the saves on stage, if the stage has the shape of a
 * pinwalk graph: undirected, simple, no self loops, no attributes of the graph, every node only a source or only a target, and nodes and
 * edges in the order in which a view lists them. If not, the stage answers, and nothing is shown about the view.
 * Names are translated on the way in and out: "John" on stage is "p0" in the view.
 */
export interface Staged {
  /** The class that the specs take for Graphology's. */
  readonly Graph: unknown;
  /** Reads that the view answered, and those that the stage did since its shape is not one of pins and boards. */
  readonly answers: { view: number; stage: number };
}

type Anything = Record<string, (...args: unknown[]) => unknown>;
const Plain = (Graphology as unknown as { Graph: new (options?: object) => PinwalkGraphology }).Graph;

export function stagedGraphology(): Staged {
  const answers = { view: 0, stage: 0 };
  const Graph = new Proxy(Plain, {
    construct: (_target, [options]: [object?]) => stageOf(new Plain(options), answers),
  });
  return { Graph, answers };
}

function stageOf(stage: PinwalkGraphology, answers: Staged['answers']): PinwalkGraphology {
  const reads = new Set(graphologyMethods.filter((method) => !isWrite(method)));
  return new Proxy(stage, {
    get(target, name, receiver: unknown) {
      const value = Reflect.get(target, name, target) as unknown;
      if (typeof name !== 'string' || typeof value !== 'function') return value;
      if (!reads.has(name)) {
        return (...args: unknown[]) => {
          const result = (value as Anything[string]).apply(target, args);
          return result === target ? receiver : result;
        };
      }
      return (...args: unknown[]) => {
        const staging = isOfStage(target, name) ? undefined : asView(target);
        if (staging === undefined) {
          answers.stage++;
          return (value as Anything[string]).apply(target, args);
        }
        answers.view++;
        return staging.call(name, args);
      };
    },
  });
}

/**
 * The specs' graphs are mixed by default, a view is undirected, and every node of it has attributes: methods
 * that tell these apart are left to the stage.
 */
function isOfStage(stage: PinwalkGraphology, method: string): boolean {
  const telling =
    stage.type === 'undirected' ? /copy|export|toJSON|inspect/i : /directed|copy|export|toJSON|inspect/i;
  return telling.test(method);
}

/** The stage as a view, with names translated; undefined when it has another shape. */
function asView(stage: PinwalkGraphology): { call(method: string, args: unknown[]): unknown } | undefined {
  const isSimple =
    !stage.multi && stage.type !== 'directed' && stage.directedSize + stage.selfLoopCount === 0;
  if (!isSimple || Object.keys(stage.getAttributes()).length > 0) return undefined;
  const sources = new Set(stage.mapEdges((_edge, _attributes, source) => source));
  const pins = stage.filterNodes((node) => sources.has(node));
  const boards = stage.filterNodes((node) => !sources.has(node));
  const ends = stage.mapEdges((_edge, _attributes, ...at) => [pins.indexOf(at[0]), boards.indexOf(at[1])]);
  const inOrder = ends.every(([, board], i) => i === 0 || board! >= ends[i - 1]![1]!);
  const isBipartite = ends.every(([, board]) => board! >= 0);
  if (!isBipartite || !inOrder || stage.nodes().join() !== [...pins, ...boards].join()) return undefined;

  const edgeOf = (pin: number, board: number): string => stage.edge(pins[pin], boards[board])!;
  const view = graphologyView(
    {
      pinToBoard: listed(pins.map((_, pin) => ends.flatMap(([p, b]) => (p === pin ? [b!] : [])))),
      boardToPin: listed(boards.map((_, board) => ends.flatMap(([p, b]) => (b === board ? [p!] : [])))),
      boardToUser: sharedInt32Array(boards.length),
      userCount: 1,
    },
    {
      pinAttributes: (pin) => stage.getNodeAttributes(pins[pin]),
      boardAttributes: (board) => stage.getNodeAttributes(boards[board]),
      saveAttributes: (pin, board) => stage.getEdgeAttributes(edgeOf(pin, board)),
    },
  );
  const names = new Map<string, string>([
    ...pins.map((name, pin): [string, string] => [name, `p${pin}`]),
    ...boards.map((name, board): [string, string] => [name, `b${board}`]),
    ...ends.map(([p, b]): [string, string] => [edgeOf(p!, b!), `p${p}-b${b}`]),
  ]);
  return { call: (method, args) => translatedCall(view, names, method, args) };
}

function listed(lists: readonly (readonly number[])[]): Adjacency {
  let start = 0;
  const slices = lists.flatMap(({ length }) => {
    start += length;
    return [start - length, length];
  });
  return adjacencyOf(slices, lists.flat());
}

function translatedCall(
  view: PinwalkGraphology,
  names: ReadonlyMap<string, string>,
  method: string,
  args: readonly unknown[],
): unknown {
  const back = new Map([...names].map(([name, key]) => [key, name]));
  const inward = (arg: unknown): unknown => {
    if (typeof arg === 'function')
      return (...told: unknown[]) => (arg as Anything[string])(...told.map(outward));
    return typeof arg === 'string' || typeof arg === 'number' ? (names.get(String(arg)) ?? arg) : arg;
  };
  const outward = (value: unknown): unknown => {
    if (typeof value === 'string') return back.get(value) ?? value;
    if (value === null || typeof value !== 'object' || value instanceof UndirectedGraph) return value;
    if ('next' in value) return [...(value as unknown as Iterable<unknown>)].map(outward)[Symbol.iterator]();
    if (Array.isArray(value)) return value.map(outward);
    const { kind: _kind, index: _index, ...rest } = value as Record<string, unknown>;
    return Object.fromEntries(
      Object.entries(rest).map(([key, each]) => [back.get(key) ?? key, outward(each)]),
    );
  };
  return outward((view as unknown as Anything)[method]!(...args.map(inward)));
}

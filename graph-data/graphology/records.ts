import { type Adjacency, type PinBoardGraph, degreeOf, neighborsOf } from '../../engine/graph/index.ts';
import { type NodeRef, edgeKey, hasSave, nodeKey, parseNodeKey } from './node-keys.ts';

/** Attributes of a node: its kind and index, and those of the caller's callback. */
export interface NodeAttributes extends NodeRef {
  readonly [name: string]: unknown;
}

/** Attributes of a save. */
export interface SaveAttributes {
  readonly [name: string]: unknown;
}

/** Callbacks that return further attributes of nodes and saves. */
export interface AttributeOptions {
  readonly pinAttributes?: ((pin: number) => object) | undefined;
  readonly boardAttributes?: ((board: number) => object) | undefined;
  readonly saveAttributes?: ((pin: number, board: number) => object) | undefined;
}

/** What all records of a view share. */
export interface ViewSource extends AttributeOptions {
  readonly graph: PinBoardGraph;
}

/** The attributes of a pin or board, as a new object. */
export function nodeAttributes(
  options: AttributeOptions,
  kind: NodeRef['kind'],
  index: number,
): NodeAttributes {
  const more = kind === 'pin' ? options.pinAttributes?.(index) : options.boardAttributes?.(index);
  return more === undefined ? { kind, index } : { ...more, kind, index };
}

/** Frozen, so that a write throws instead of getting lost. */
const noAttributes: SaveAttributes = Object.freeze({});

/**
 * The data that Graphology's code reads from a node, under Graphology's own names. Created on demand and not stored.
 */
export class NodeRecord {
  readonly key: string;
  readonly undirectedLoops = 0;
  readonly #source: ViewSource;
  readonly #kind: NodeRef['kind'];
  readonly #index: number;
  #attributes: NodeAttributes | undefined;

  constructor(source: ViewSource, kind: NodeRef['kind'], index: number) {
    this.#source = source;
    this.#kind = kind;
    this.#index = index;
    this.key = nodeKey(kind, index);
  }

  get attributes(): NodeAttributes {
    this.#attributes ??= Object.freeze(nodeAttributes(this.#source, this.#kind, this.#index));
    return this.#attributes;
  }

  get undirectedDegree(): number {
    return degreeOf(this.#adjacency, this.#index);
  }

  /**
   * Edges by the neighbor's key. Access to one neighbor searches the arrays; enumeration creates a record per neighbor,
   * O(degree).
   */
  get undirected(): Readonly<Record<string, EdgeRecord>> {
    let listed: Record<string, EdgeRecord> | undefined;
    const edgeTo = (neighbor: string): EdgeRecord | undefined =>
      listed === undefined ? this.#edgeTo(neighbor) : listed[neighbor];
    return new Proxy<Record<string, EdgeRecord>>(
      {},
      {
        get: (empty, name) =>
          typeof name === 'string' ? (edgeTo(name) ?? empty[name]) : Reflect.get(empty, name),
        has: (_empty, name) => typeof name === 'string' && edgeTo(name) !== undefined,
        ownKeys: () => {
          listed ??= this.#list();
          return Object.keys(listed);
        },
        getOwnPropertyDescriptor: (_empty, name) => {
          const value = typeof name === 'string' ? edgeTo(name) : undefined;
          return value && { value, enumerable: true, configurable: true };
        },
      },
    );
  }

  get #adjacency(): Adjacency {
    const { pinToBoard, boardToPin } = this.#source.graph;
    return this.#kind === 'pin' ? pinToBoard : boardToPin;
  }

  #list(): Record<string, EdgeRecord> {
    const listed = Object.create(null) as Record<string, EdgeRecord>;
    for (const neighbor of neighborsOf(this.#adjacency, this.#index)) {
      const record = this.#neighbor(neighbor);
      listed[record.key] = this.#edge(record, neighbor);
    }
    return listed;
  }

  #edgeTo(key: string): EdgeRecord | undefined {
    const { graph } = this.#source;
    const other = parseNodeKey(graph, key);
    if (other === undefined || other.kind === this.#kind) return undefined;
    const [pin, board] = this.#kind === 'pin' ? [this.#index, other.index] : [other.index, this.#index];
    return hasSave(graph, pin, board) ? this.#edge(this.#neighbor(other.index), other.index) : undefined;
  }

  #neighbor(index: number): NodeRecord {
    return new NodeRecord(this.#source, this.#kind === 'pin' ? 'board' : 'pin', index);
  }

  #edge(other: NodeRecord, index: number): EdgeRecord {
    return this.#kind === 'pin'
      ? new EdgeRecord(this.#source, this, other, this.#index, index)
      : new EdgeRecord(this.#source, other, this, index, this.#index);
  }
}

/** The data that Graphology's code reads from an edge. Its source is the pin, its target the board. */
export class EdgeRecord {
  readonly undirected = true;
  readonly key: string;
  readonly source: NodeRecord;
  readonly target: NodeRecord;
  readonly attributes: SaveAttributes;

  constructor(view: ViewSource, source: NodeRecord, target: NodeRecord, pin: number, board: number) {
    this.key = edgeKey(pin, board);
    this.source = source;
    this.target = target;
    this.attributes =
      view.saveAttributes === undefined
        ? noAttributes
        : Object.freeze({ ...view.saveAttributes(pin, board) });
  }
}

import { type Adjacency, type PinBoardGraph, degreeOf, neighborsOf } from '../../engine/index.ts';
import { type NodeKind, edgeKey, hasSave, nodeKey, parseNodeKey } from './node-keys.ts';

/** Attributes of a node: what it is, and what the caller's callback adds. */
export interface NodeAttributes {
  readonly kind: NodeKind;
  /** Index of the pin or board. */
  readonly index: number;
  readonly [name: string]: unknown;
}

/** Attributes of a save. */
export interface SaveAttributes {
  readonly [name: string]: unknown;
}

/** Callbacks that add attributes to those of a node, which are `kind` and `index`, and of a save: none. */
export interface AttributeOptions {
  readonly pinAttributes?: ((pin: number) => object) | undefined;
  readonly boardAttributes?: ((board: number) => object) | undefined;
  readonly saveAttributes?: ((pin: number, board: number) => object) | undefined;
}

/** What the records of one view share. */
export interface ViewSource extends AttributeOptions {
  readonly graph: PinBoardGraph;
}

/** The attributes of a pin or board, a fresh object. */
export function nodeAttributes(options: AttributeOptions, kind: NodeKind, index: number): NodeAttributes {
  const more = kind === 'pin' ? options.pinAttributes?.(index) : options.boardAttributes?.(index);
  return more === undefined ? { kind, index } : { ...more, kind, index };
}

/** Frozen: there is nothing to write to, and a silent write would be lost. */
const noAttributes: SaveAttributes = Object.freeze({});

/**
 * What Graphology's code reads of a node, made for the moment that it asks: nothing of it is kept. The
 * names are those of Graphology's own node data.
 */
export class NodeRecord {
  readonly key: string;
  readonly undirectedLoops = 0;
  readonly #source: ViewSource;
  readonly #kind: NodeKind;
  readonly #index: number;
  #attributes: NodeAttributes | undefined;

  constructor(source: ViewSource, kind: NodeKind, index: number) {
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
   * Edges by neighbor's key. Asked for one neighbor it searches the arrays; listed, it makes a record a
   * neighbor, O(degree).
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

/** What Graphology's code reads of an edge. Its source is the pin, its target the board. */
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

import { neighborsOf, nodeCount, saveCount } from '../../engine/graph/index.ts';
import { type NodeRef, hasSave, parseNodeKey } from './node-keys.ts';
import { EdgeRecord, NodeRecord, type ViewSource } from './records.ts';

/** The read methods of a Map, with entries created on demand. */
abstract class RecordMap<Value extends { readonly key: string }> {
  abstract readonly size: number;
  abstract get(key: string): Value | undefined;
  abstract values(): Generator<Value, undefined>;

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  *keys(): Generator<string, undefined> {
    for (const { key } of this.values()) yield key;
  }

  forEach(callback: (value: Value, key: string) => void): void {
    for (const value of this.values()) callback(value, value.key);
  }
}

/** All pins, then all boards, by key. */
export class NodeMap extends RecordMap<NodeRecord> {
  readonly size: number;
  readonly #source: ViewSource;

  constructor(source: ViewSource) {
    super();
    this.#source = source;
    this.size = nodeCount(source.graph.pinToBoard) + nodeCount(source.graph.boardToPin);
  }

  get(key: string): NodeRecord | undefined {
    const node = parseNodeKey(this.#source.graph, key);
    return node && new NodeRecord(this.#source, node.kind, node.index);
  }

  *values(): Generator<NodeRecord, undefined> {
    const { pinToBoard, boardToPin } = this.#source.graph;
    yield* this.#ofKind('pin', nodeCount(pinToBoard));
    yield* this.#ofKind('board', nodeCount(boardToPin));
  }

  *#ofKind(kind: NodeRef['kind'], count: number): Generator<NodeRecord, undefined> {
    for (let index = 0; index < count; index++) yield new NodeRecord(this.#source, kind, index);
  }
}

/** All saves by edge key, board by board. */
export class EdgeMap extends RecordMap<EdgeRecord> {
  readonly size: number;
  readonly #source: ViewSource;

  constructor(source: ViewSource) {
    super();
    this.#source = source;
    this.size = saveCount(source.graph);
  }

  get(key: string): EdgeRecord | undefined {
    const { graph } = this.#source;
    const [pinKey = '', boardKey = '', ...rest] = key.split('-');
    const pin = parseNodeKey(graph, pinKey);
    const board = parseNodeKey(graph, boardKey);
    if (pin?.kind !== 'pin' || board?.kind !== 'board' || rest.length > 0) return undefined;
    if (!hasSave(graph, pin.index, board.index)) return undefined;
    return this.#record(pin.index, new NodeRecord(this.#source, 'board', board.index), board.index);
  }

  *values(): Generator<EdgeRecord, undefined> {
    const { boardToPin } = this.#source.graph;
    for (let board = 0; board < nodeCount(boardToPin); board++) {
      const target = new NodeRecord(this.#source, 'board', board);
      for (const pin of neighborsOf(boardToPin, board)) yield this.#record(pin, target, board);
    }
  }

  #record(pin: number, target: NodeRecord, board: number): EdgeRecord {
    return new EdgeRecord(this.#source, new NodeRecord(this.#source, 'pin', pin), target, pin, board);
  }
}

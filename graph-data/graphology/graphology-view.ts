import { UndirectedGraph, UsageGraphError } from 'graphology';
import type { AbstractGraph } from 'graphology-types';
import type { PinBoardGraph } from '../../engine/index.ts';
import { EdgeMap, NodeMap } from './record-maps.ts';
import type { AttributeOptions, NodeAttributes, SaveAttributes } from './records.ts';

/** A Graphology graph of pins and boards, whether over the arrays or on its own. */
export type PinwalkGraphology = AbstractGraph<NodeAttributes, SaveAttributes>;

/**
 * A read-only Graphology graph over the arrays of a graph: undirected, simple, no self loops. Nodes are the
 * pins, "p0", "p1" …, then the boards, "b0", "b1" …; edges are the saves, "p12-b7", from pin to board. Node
 * attributes are `kind` and `index` with what `options` adds, frozen.
 *
 * It holds no object a node or an edge: keys and attributes are made when asked for. So it takes the time
 * of making them, has no limit of edges (a Graphology graph of its own ends at 2^24, where a Map does), and
 * costs nothing to make but a count of the saves, O(boards). A node is found by its key in O(1), an edge by
 * its key or ends in O(the smaller degree). Methods that return an array or object of all edges make one.
 *
 * It reads the arrays as they are. `size` was counted when the view was made: when saves are appended to a
 * live graph, make another view. Its events never fire. Writing throws a UsageGraphError; see
 * {@link toGraphology} for a graph to write to.
 */
export function graphologyView(graph: PinBoardGraph, options: AttributeOptions = {}): PinwalkGraphology {
  return new GraphologyView(graph, options);
}

/**
 * All methods are Graphology's own, with their checks and errors. They read nodes and edges through the two
 * private maps of a Graphology graph (`_nodes`, `_edges`), which are replaced by maps over the arrays here.
 * That is no public interface: a new release of Graphology may change it, and then test/contract/graphology
 * and Graphology's own specs fail.
 */
class GraphologyView extends UndirectedGraph<NodeAttributes, SaveAttributes> {
  constructor(graph: PinBoardGraph, options: AttributeOptions) {
    super({ allowSelfLoops: false });
    const source = { ...options, graph };
    const edges = new EdgeMap(source);
    Object.assign(this, { _nodes: new NodeMap(source), _edges: edges, _undirectedSize: edges.size });
  }

  static {
    for (const name of writeMethods()) {
      const refuse = (): never => {
        throw new UsageGraphError(
          `Graph.${name}: this graph is a read-only view of a pinwalk graph: use toGraphology for one to write to`,
        );
      };
      Object.defineProperty(this.prototype, name, { value: refuse });
    }
  }
}

/** Names of the methods by which a Graphology graph is changed. */
function writeMethods(): string[] {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(UndirectedGraph.prototype));
  return methods.filter((name) => /^(add|merge|update|drop|clear|set|remove|replace|import)/.test(name));
}

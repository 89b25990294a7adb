import { UndirectedGraph, UsageGraphError } from 'graphology';
import type { AbstractGraph } from 'graphology-types';
import type { PinBoardGraph } from '../../engine/index.ts';
import { EdgeMap, NodeMap } from './record-maps.ts';
import type { AttributeOptions, NodeAttributes, SaveAttributes } from './records.ts';

/** A Graphology graph of pins and boards, a view or a copy. */
export type PinwalkGraphology = AbstractGraph<NodeAttributes, SaveAttributes>;

/**
 * A read-only Graphology graph over the arrays of a graph: undirected, simple, without self loops. Nodes are the pins,
 * "p0", "p1" …, then the boards, "b0", "b1" …; edges are the saves, "p12-b7", from pin to board. Node attributes are
 * `kind` and `index` plus those of `options`, frozen.
 *
 * The view stores no objects per node or edge, but creates keys and attributes on demand. It therefore costs time per
 * access, has no limit of edges (a regular Graphology graph is limited to 2^24, the size of a Map), and is created in
 * O(boards). Finds a node by key in O(1), an edge by key or ends in O(the smaller degree). Methods that return all edges
 * allocate them.
 *
 * The view reads the current arrays, but `size` is that of its creation: create another view after saves were appended
 * to a live graph. Its events never fire. Write methods throw a UsageGraphError; {@link toGraphology} returns a mutable
 * graph.
 */
export function graphologyView(graph: PinBoardGraph, options: AttributeOptions = {}): PinwalkGraphology {
  return new GraphologyView(graph, options);
}

/**
 * All methods are Graphology's own, including their checks and errors. They read nodes and edges through two private
 * maps of a Graphology graph (`_nodes`, `_edges`), which this class replaces by maps over the arrays. As that is not a
 * public interface, a new release of Graphology may break it; test/contract/graphology and Graphology's own specs then
 * fail.
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
          `Graph.${name}: this graph is a read-only view of a pinwalk graph: use toGraphology for a mutable copy`,
        );
      };
      Object.defineProperty(this.prototype, name, { value: refuse });
    }
  }
}

/** Names of the methods that modify a Graphology graph. */
function writeMethods(): string[] {
  const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(UndirectedGraph.prototype));
  return methods.filter((name) => /^(add|merge|update|drop|clear|set|remove|replace|import)/.test(name));
}

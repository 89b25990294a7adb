/** Types of version 2.1.1, which the package lacks. */
declare module 'ngraph.pagerank' {
  interface RankedGraph {
    getNodesCount(): number;
    getLinksCount(): number;
    forEachNode(callback: (node: { readonly id: number }) => void): void;
    forEachLinkedNode(
      nodeId: number,
      callback: (
        other: { readonly id: number },
        link: { readonly fromId: number; readonly toId: number },
      ) => void,
    ): void;
  }
  export default function pageRank(
    graph: RankedGraph,
    internalJumpProbability: number,
    epsilon: number,
  ): Record<number, number>;
}

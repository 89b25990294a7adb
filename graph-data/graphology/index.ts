export { type PinwalkGraphology, graphologyView } from './graphology-view.ts';
export { type NodeKind, type NodeRef, nodeKey, parseNodeKey } from './node-keys.ts';
export type { AttributeOptions, NodeAttributes, SaveAttributes } from './records.ts';
export { type GraphologyOptions, toGraphology } from './to-graphology.ts';
export { type WalkedPart, walkedNodes } from './walked-nodes.ts';
export { type GraphFileFormat, graphFileFormats, graphFormatOf, writeGraphology } from './write-graph.ts';

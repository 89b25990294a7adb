export { type PinwalkGraphology, graphologyView } from './graphology-view.ts';
export { type NodeRef, nodeKey } from './node-keys.ts';
export { toGraphology } from './to-graphology.ts';
export { walkedNodes } from './walked-nodes.ts';
export { type GraphFileFormat, graphFileFormats, graphFormatOf, writeGraphology } from './write-graph.ts';

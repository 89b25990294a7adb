export { type Address, type DrawingChoice, nodeAddress, readAddress, writeAddress } from './address.ts';
export {
  type Composition,
  type NodeKind,
  type NodeRef,
  type ParamValue,
  type QueryEntry,
  type RecommendationBody,
  type Settings,
  bodyOf,
  compositionOf,
  noSettings,
  nodeId,
  withNode,
} from './composition.ts';

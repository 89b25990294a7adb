export {
  type Address,
  type DrawingChoice,
  type SearchChoice,
  nodeAddress,
  readAddress,
  writeAddress,
} from './address.ts';
export {
  type Composition,
  type NodeKind,
  type NodeRef,
  type QueryEntry,
  type RecommendationBody,
  bodyOf,
  compositionOf,
  nodeId,
  withNode,
} from './composition.ts';
export { type ParamValue, type Settings, commonSpecs, isCommonName, noSettings } from './settings.ts';

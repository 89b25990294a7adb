export { type Address, type DrawingChoice, readAddress, writeAddress } from './address.ts';
export {
  type Composition,
  type ParamValue,
  type QueryEntry,
  type RecommendationBody,
  type Settings,
  type ThingKind,
  type ThingName,
  bodyOf,
  noSettings,
} from './composition.ts';

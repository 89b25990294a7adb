export { type Rung, rungsOf, survivors } from './successive-halving.ts';
export {
  type ParamValues,
  type SearchSpace,
  type SpaceSetting,
  gridSettings,
  gridSize,
  randomSettings,
} from './search-space.ts';
export type { Attempt, LeverGroup, Measure } from './coordinate-search.ts';
export { doublingSearch } from './doubling-search.ts';

export { type Rung, rungsOf, survivors } from './successive-halving.ts';
export {
  type ParamValues,
  type SearchSpace,
  type SpaceSetting,
  gridSettings,
  gridSize,
  randomSettings,
} from './search-space.ts';
export { type Attempt, type LeverGroup, type Measure, coordinateSearch } from './coordinate-search.ts';

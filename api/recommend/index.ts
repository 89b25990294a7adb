export { compileFilter } from './compile-filter.ts';
export { PresetBook } from './preset-book.ts';
export {
  type RecommendationAnswer,
  type RecommendedItem,
  Recommender,
  type RecommenderDeps,
  filteredMax,
} from './recommend.ts';
export {
  type DrawnNode,
  type DrawnWay,
  type WalkDrawing,
  drawWalk,
  drawnNodesMax,
  drawnNodesUsual,
} from './walk-drawing.ts';
export {
  type LensOptions,
  type LensPath,
  type LensPrefix,
  type LensQueryPin,
  type LensVisits,
  type WalkLens,
  convergenceParts,
  lookAtWalk,
  pathsMax,
} from './walk-lens.ts';

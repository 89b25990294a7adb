export { compileFilter } from './compile-filter.ts';
export { PresetCatalog } from './preset-catalog.ts';
export { Recommender, type RecommenderDeps, filteredMax } from './recommend.ts';
export { type WalkDrawing, drawWalk, drawnNodesMax, drawnNodesDefault } from './walk-drawing.ts';
export {
  type ConvergencePoint,
  type DiagnosedPath,
  type DiagnosedQueryPin,
  type DiagnosedVisits,
  type DiagnosticsOptions,
  type WalkDiagnostics,
  convergenceParts,
  diagnoseWalk,
  pathsMax,
} from './walk-diagnostics.ts';

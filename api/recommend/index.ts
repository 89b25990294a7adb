export { assertNotShown } from './assert-not-shown.ts';
export { compileFilter, valueOf } from './compile-filter.ts';
export { InterestCatalog, type ServedInterests } from './interest-catalog.ts';
export { assertFieldKnown, assertFieldsKnown } from './known-fields.ts';
export { RequestScorer } from './model-scores.ts';
export type { ModelSource } from './model-source.ts';
export { pick } from './result-parts.ts';
export { PinReasons } from './pin-reasons.ts';
export { Recommender } from './recommend.ts';
export type { RecommendTimes } from './recommend-options.ts';
export type { Visited } from './visited.ts';
export { drawWalk, drawnNodesMax, drawnNodesDefault } from './walk-drawing.ts';
export {
  type ConvergencePoint,
  type DiagnosedPath,
  type DiagnosedQueryPin,
  type DiagnosedVisits,
  type WalkDiagnostics,
  convergenceParts,
  diagnoseWalk,
  pathsMax,
} from './walk-diagnostics.ts';
export { WatchedFile } from './watched-file.ts';
export { withoutViewer } from './without-viewer.ts';

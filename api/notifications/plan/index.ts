export { type Decision, releaseOf } from './decision.ts';
export { holdoutPlace } from './holdout.ts';
export { type OpenPlanner, openPlanner } from './open-planner.ts';
export { type PlanPolicy, planDefaults } from './policy.ts';
export { type PlanPreview, previewPlan } from './preview.ts';
export { type PlanReport, planRun, runPlan } from './run-plan.ts';

import type { PlanPolicy, PlanPreview, PlanReport } from '../../notifications/index.ts';
import type { LoadedSnapshot, Notification, Release } from '../../../graph-data/index.ts';
import type { ProblemOutcome } from '../problem-outcome.ts';

/** The messages between the main thread and the thread that plans notifications. */

export interface PlanWorkerData {
  readonly dataFolder: string;
  readonly snapshot: LoadedSnapshot;
  readonly policy: PlanPolicy;
}

/**
 * Calls by name, with their results; undefined where there is nothing to do. Times are milliseconds since 1970.
 */
export interface PlanCalls {
  readonly plan: { readonly task: { readonly now: number }; readonly result: PlanReport | undefined };
  readonly decideAgain: {
    readonly task: { readonly held: Notification; readonly now: number };
    readonly result: Release | undefined;
  };
  readonly preview: {
    readonly task: { readonly user: string; readonly now: number };
    readonly result: PlanPreview | undefined;
  };
}

export type PlanCallName = keyof PlanCalls;

export type ToPlanner =
  | { readonly id: number; readonly name: PlanCallName; readonly task: PlanCalls[PlanCallName]['task'] }
  /** End once the batch that is being planned is stored. */
  | { readonly close: true };

export interface FromPlanner {
  readonly id: number;
  readonly outcome: { readonly result: unknown } | ProblemOutcome | { readonly fault: string };
}

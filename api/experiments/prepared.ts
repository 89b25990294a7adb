import { type Pipeline, resolvePipeline } from '../../engine/pipeline/index.ts';
import type { Experiment, NodeRow } from '../../graph-data/index.ts';
import type { Filter } from '../contract/index.ts';
import { compileFilter } from '../recommend/index.ts';

/** An arm that requests may be in. */
interface PreparedArm {
  readonly name: string;
  readonly share: number;
  /** The arm's settings and its name; undefined if the arm leaves the request as it is. */
  readonly runs: { readonly algorithm: string; readonly pipeline: Pipeline } | undefined;
}

/** An experiment as requests need it. */
export interface PreparedExperiment {
  readonly id: string;
  readonly salt: string;
  readonly holdout: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly passes: ((user: NodeRow) => boolean) | undefined;
  readonly arms: readonly PreparedArm[];
}

/** Milliseconds since 1970; the end is Infinity without one. */
export function timesOf({ start, end }: Pick<Experiment, 'start' | 'end'>): { start: number; end: number } {
  return { start: Date.parse(start), end: end === null ? Infinity : Date.parse(end) };
}

/** `now`: milliseconds since 1970. */
export function stateOf(
  experiment: Pick<Experiment, 'start' | 'end'>,
  now: number,
): 'planned' | 'running' | 'ended' {
  const { start, end } = timesOf(experiment);
  return now < start ? 'planned' : now < end ? 'running' : 'ended';
}

/** Experiments by their surface. */
export function prepare(
  experiments: ReadonlyMap<string, Experiment>,
): ReadonlyMap<string, readonly PreparedExperiment[]> {
  const prepared = [...experiments].map(([id, experiment]) => {
    const { surface, salt = id, holdout, users } = experiment;
    const arms = experiment.arms.map(({ name, share, algorithm, settings }): PreparedArm => {
      const runs = settings && {
        algorithm: algorithm ?? settings.algorithm,
        pipeline: resolvePipeline(settings),
      };
      return { name, share, runs };
    });
    const passes = users && compileFilter(users as Filter);
    const { start, end } = timesOf(experiment);
    return { surface, id, salt, holdout, arms, passes, start, end };
  });
  return Map.groupBy(prepared, ({ surface }) => surface);
}

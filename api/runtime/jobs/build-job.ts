import type { Logger } from 'pino';
import type { ContentBuildParams, LinearBuildParams } from '../../../engine/index.ts';
import {
  type BuildProgress,
  type BuildReport,
  DataError,
  type DataFolder,
  discardUnfinished,
} from '../../../graph-data/index.ts';
import type { GraphServer } from '../serving/index.ts';
import { runInThread } from '../threads/index.ts';
import { type JobProgress, type JobWork, type Jobs, logFailure } from './jobs.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';

/** A cancelled build stops between two steps; a step that takes longer is terminated. */
const stopMsMax = 1_000;

/** The inputs of a build. */
export interface BuildTask {
  readonly root: string;
  /** How to compute item weights: null for none; undefined to keep the method of the active snapshot. */
  readonly linear?: Partial<LinearBuildParams> | null | undefined;
  /** The same for texts of pins. */
  readonly content?: Partial<ContentBuildParams> | null | undefined;
}

/**
 * Builds a snapshot of the database in a thread of its own, and swaps to it: with `force`, also when it is too different
 * from the present one, or that one is pinned. Cancelled, it leaves no file.
 */
export function buildJob(
  folder: DataFolder,
  graphs: GraphServer,
  {
    activate,
    force,
    ...params
  }: { activate: boolean; force: boolean } & Pick<BuildTask, 'linear' | 'content'>,
): JobWork {
  return async (onProgress, signal) => {
    const report = await buildInThread(folder, signal, onProgress, params);
    if (!activate) return { ...report, swap: null };
    if (signal.aborted) throw new DataError('stopped', `${report.version} was built, but not activated`);
    onProgress({ phase: 'activating', done: null, total: null });
    // Another process may just have moved the pointer.
    await graphs.settled();
    if (graphs.pinned !== undefined && !force) return { ...report, swap: null };
    return { ...report, swap: await graphs.swap(report.version, { force, pin: false, isOfBuild: true }) };
  };
}

/** Starts a build because the graph is due. Returns false while another job is running, which may not help the graph. */
export function startDueBuild(
  folder: DataFolder,
  graphs: GraphServer,
  { jobs, log }: { readonly jobs: Jobs; readonly log: Logger },
): boolean {
  if (jobs.running('build', 'erase') !== undefined) return false;
  log.info('rebuilding the graph: its reserve is low, or saves were imported');
  const build = buildJob(folder, graphs, { activate: true, force: false });
  const remedy = 'imported saves are not recommended yet: see GET /v1/jobs, then POST /v1/snapshots';
  jobs.start('build', logFailure(build, log, `the graph could not be rebuilt; ${remedy}`));
  return true;
}

export async function buildInThread(
  folder: DataFolder,
  signal: AbortSignal,
  onProgress: (progress: JobProgress) => void,
  { linear, content }: Pick<BuildTask, 'linear' | 'content'> = {},
): Promise<BuildReport> {
  const file = moduleBeside('build-worker', import.meta.url);
  try {
    return await runInThread<BuildReport, BuildProgress>(
      file,
      { root: folder.root, linear, content } satisfies BuildTask,
      {
        signal,
        onProgress: ({ doing, done, total }) => onProgress({ phase: doing, done, total }),
        graceMs: stopMsMax,
        isInBackground: true,
      },
    );
  } catch (error) {
    discardUnfinished(folder);
    throw error;
  }
}

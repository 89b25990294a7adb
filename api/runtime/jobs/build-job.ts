import type { Logger } from 'pino';
import {
  type BuildProgress,
  type BuildReport,
  DataError,
  type DataFolder,
  discardUnfinished,
} from '../../../graph-data/index.ts';
import type { GraphServer } from '../serving/index.ts';
import { runInThread } from '../threads/index.ts';
import type { JobWork, Jobs } from './jobs.ts';

interface BuildOrder {
  /** Whether the snapshot is to be served once it is built. */
  readonly activate: boolean;
  /** Whether it is also when it is too unlike the present one. */
  readonly force: boolean;
}

/** A build hears between two steps that it is to stop; one that takes longer is ended where it is. */
const stopMsMax = 1_000;

/** Builds a snapshot of the database in a thread of its own, and swaps to it. Cancelled, it leaves no file. */
export function buildJob(folder: DataFolder, graphs: GraphServer, { activate, force }: BuildOrder): JobWork {
  return async (tell, signal) => {
    const report = await buildInThread(folder, signal, ({ doing, done, total }) =>
      tell({ phase: doing, done, total }),
    );
    if (!activate) return { ...report, swap: null };
    if (signal.aborted) throw new DataError('stopped', `${report.version} was built, but not activated`);
    tell({ phase: 'activating', done: null, total: null });
    // The pointer may have moved from outside, and be followed just now.
    await graphs.settled();
    return { ...report, swap: await graphs.swap(report.version, { force }) };
  };
}

/** Begins a build that nobody has asked for. False while another job is under way, which may not help. */
export function buildUnasked(
  folder: DataFolder,
  graphs: GraphServer,
  { jobs, log }: { readonly jobs: Jobs; readonly log: Logger },
): boolean {
  if (jobs.running('build', 'erase') !== undefined) return false;
  log.info('the graph is built anew: its reserve is low, or a bulk import came');
  const build = buildJob(folder, graphs, { activate: true, force: false });
  jobs.start('build', async (tell, signal) => {
    try {
      return await build(tell, signal);
    } catch (error) {
      // What was imported is not recommended until then.
      const remedy = 'see GET /v1/jobs, then POST /v1/snapshots';
      if (!signal.aborted) log.error({ err: error }, `the graph could not be built anew: ${remedy}`);
      throw error;
    }
  });
  return true;
}

export async function buildInThread(
  folder: DataFolder,
  signal: AbortSignal,
  onProgress: (progress: BuildProgress) => void,
): Promise<BuildReport> {
  const file = new URL('build-worker.ts', import.meta.url);
  try {
    return await runInThread<BuildReport, BuildProgress>(file, folder.root, {
      signal,
      onProgress,
      graceMs: stopMsMax,
    });
  } catch (error) {
    discardUnfinished(folder);
    throw error;
  }
}

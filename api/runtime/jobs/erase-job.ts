import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  DataError,
  type DataFolder,
  type ErasedRejects,
  type ErasedRows,
  type Store,
  dropSnapshots,
  eraseFromRejects,
  hasUnfinishedErasure,
  listSnapshots,
  readPosition,
} from '../../../graph-data/index.ts';
import type { GraphServer, PageCache } from '../serving/index.ts';
import type { WriteThread } from '../writing/index.ts';
import { buildInThread } from './build-job.ts';
import type { JobWork, Jobs } from './jobs.ts';

interface EraseDeps {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly graphs: GraphServer;
  readonly pages: PageCache;
  readonly writes: WriteThread;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
}

/** What was erased where. Names nobody. */
interface ErasureReceipt {
  readonly rows: ErasedRows;
  /** Rejected rows of imports, and files of which nothing was left. */
  readonly rejects: ErasedRejects;
  readonly keptAnswers: number;
  /** The graph that is walked has followed, at once. */
  readonly graph: { readonly saves: number };
  readonly snapshots: {
    /** Built without the person and served; null when there was no snapshot, or no save is left to build from. */
    readonly built: string | null;
    /** Deleted: there is no rolling back to them. */
    readonly dropped: readonly string[];
  };
  /** Entries of the log of changes, which had numbers only. */
  readonly events: number;
  /** The file of the database was written anew without free pages, and its log emptied. */
  readonly database: { readonly rewritten: true; readonly logEmptied: true };
}

/** Times that the log of the database is tried to be emptied, with this long between two, while others read it. */
const logTries = 20;
const logWaitMs = 500;

/**
 * Erases a person: first the rows, in one transaction, which the graph follows at once; then all copies of them. From the
 * rows on, what fails or is stopped is finished by doing it again, with whomever, or by {@link finishErasure}: only rows
 * and rejects need the key.
 */
export function eraseJob(deps: EraseDeps, user: string): JobWork {
  const { folder, store, pages, writes, wallClock } = deps;
  return async (tell, signal): Promise<ErasureReceipt & Readonly<Record<string, unknown>>> => {
    tell({ phase: 'erasing rows', done: null, total: null });
    const index = store.indexOf('users', user);
    const boards = index === undefined ? [] : store.boardsOf(index);
    const boardKeys = boards.flatMap((board) => store.keyAt('boards', board) ?? []);
    // Before the rows: afterwards, nobody could tell which boards were theirs.
    const rejects = eraseFromRejects(folder, [user, ...boardKeys]);
    const rows = await writes.run({ kind: 'erase', user, time: wallClock() });
    const forget = (): number => pages.forget(new Set([user]), new Set(boardKeys));
    let keptAnswers = forget();
    const copies = await eraseCopies(deps, tell, signal);
    // What was being answered while the rows went.
    keptAnswers += forget();
    return { rows, rejects, keptAnswers, graph: { saves: rows.saves }, ...copies };
  };
}

/**
 * Begins what is left of an erasure that was cut after the rows were gone, by a kill or a full disk. To be called at the
 * start, in one step with the loading of the graph: it waits for that, and no build comes between.
 */
export function finishErasure(deps: EraseDeps & { readonly jobs: Jobs; readonly log: Logger }): void {
  const { store, jobs, log } = deps;
  if (!hasUnfinishedErasure(store.database)) return;
  log.warn('the erasure of a person was cut: the copies that may be left are erased now');
  jobs.start('erase', async (tell, signal) => {
    try {
      const copies = await eraseCopies(deps, tell, signal);
      log.info(copies, 'the erasure that was cut is finished');
      return copies;
    } catch (error) {
      const remedy = 'the next start tries again, and so does the same DELETE /v1/users/{user}';
      if (!signal.aborted)
        log.error({ err: error }, `the erasure that was cut could not be finished: ${remedy}`);
      throw error;
    }
  });
}

type ErasedCopies = Pick<ErasureReceipt, 'snapshots' | 'events' | 'database'>;

/** Of rows that are gone, all that is left of them on disk. */
async function eraseCopies(
  deps: EraseDeps,
  tell: Parameters<JobWork>[0],
  signal: AbortSignal,
): Promise<ErasedCopies & Readonly<Record<string, unknown>>> {
  const { store, writes } = deps;
  const upTo = readPosition(store.database);
  const snapshots = await renewSnapshots(deps, tell, signal);
  tell({ phase: 'rewriting the database', done: null, total: null });
  const { events } = await writes.run({ kind: 'scrub', upTo });
  await emptyLog(writes, signal);
  return { snapshots, events, database: { rewritten: true, logEmptied: true } };
}

async function renewSnapshots(
  { folder, graphs }: EraseDeps,
  tell: Parameters<JobWork>[0],
  signal: AbortSignal,
): Promise<ErasureReceipt['snapshots']> {
  await graphs.settled();
  const old = listSnapshots(folder).map(({ version }) => version);
  if (old.length === 0) return { built: null, dropped: [] };
  const built = await buildIfAny(folder, tell, signal);
  if (built !== undefined) {
    tell({ phase: 'activating', done: null, total: null });
    await graphs.settled();
    // Without one person it may be unlike the one before, as it has to be.
    await graphs.swap(built, { force: true });
  }
  const others = old.filter((version) => version !== built);
  return { built: built ?? null, dropped: dropSnapshots(folder, others) };
}

async function buildIfAny(
  folder: DataFolder,
  tell: Parameters<JobWork>[0],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { version } = await buildInThread(folder, signal, ({ doing, done, total }) =>
      tell({ phase: doing, done, total }),
    );
    return version;
  } catch (error) {
    if (error instanceof DataError && error.code === 'nothing-to-build') return undefined;
    throw error;
  }
}

async function emptyLog(writes: WriteThread, signal: AbortSignal): Promise<void> {
  for (let tries = 1; !(await writes.run({ kind: 'emptyLog' })); tries++) {
    if (tries === logTries || signal.aborted) {
      throw new DataError(
        'data-folder-in-use',
        'the rows are gone, but another process reads the database, so that its log cannot be emptied: erase again later',
      );
    }
    await wait(logWaitMs);
  }
}

import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import {
  DataError,
  type DataFolder,
  type ErasedNotifications,
  type ErasedPromotions,
  type ErasedRejects,
  type ErasedRows,
  type Store,
  dropSnapshots,
  eraseFromPresets,
  hasCampaigns,
  hasInteractions,
  hasNotifications,
  hasUnfinishedErasure,
  listMonths,
  listSnapshots,
  readPosition,
} from '../../../graph-data/index.ts';
import type { Turns } from '../../base/index.ts';
import type { GraphServer, PageCache } from '../serving/index.ts';
import { runInThread } from '../threads/index.ts';
import type { CampaignThread, InteractionThread, NotificationThread, WriteThread } from '../writing/index.ts';
import { buildInThread } from './build-job.ts';
import { type JobWork, type Jobs, logFailure } from './jobs.ts';
import type { PersonTask } from './person-worker.ts';
import type { RejectsTask } from './rejects-worker.ts';
import { moduleBeside } from '../../../graph-data/base/index.ts';

interface EraseDeps {
  readonly folder: DataFolder;
  readonly store: Store;
  readonly graphs: GraphServer;
  readonly pages: PageCache;
  readonly writes: WriteThread;
  readonly interactions: InteractionThread;
  readonly notifications: NotificationThread;
  readonly campaigns: CampaignThread;
  readonly turns: Turns;
  /** Milliseconds since 1970. */
  readonly wallClock: () => number;
}

interface FinishDeps extends EraseDeps {
  readonly jobs: Jobs;
  readonly log: Logger;
}

/** Counts of erased rows by store, without names. */
interface ErasureReceipt {
  readonly rows: ErasedRows;
  /** Rejected rows of imports, and files that became empty. */
  readonly rejects: ErasedRejects;
  /** Presets whose remark of where they come from named the person. */
  readonly presets: number;
  /** Impressions and actions. */
  readonly interactions: number;
  readonly notifications: ErasedNotifications;
  /** Promoted impressions, and pins hidden from campaigns; charges stay, and name nobody. */
  readonly promotions: ErasedPromotions;
  readonly keptAnswers: number;
  /** Saves removed from the served graph, together with the rows. */
  readonly graph: { readonly saves: number };
  readonly snapshots: {
    /** Built without the person, and served; null when there was no snapshot before or no save remains. */
    readonly built: string | null;
    /** Deleted snapshots, which no rollback can return to. */
    readonly dropped: readonly string[];
  };
  /** Rows of the change log, which contain numbers only. */
  readonly events: number;
  /** The database file was rewritten without free pages, and its write-ahead log emptied. */
  readonly database: { readonly rewritten: true; readonly logEmptied: true };
}

/** About 2 ms of the event loop. */
const boardsPerTurn = 500;
/** Attempts to empty the write-ahead log, and the wait between two, while other processes read the database. */
const logAttempts = 20;
const logWaitMs = 500;

/**
 * Erases a person: first the rows, in one transaction that the graph follows at once, then all copies of them. Once the
 * rows are gone, a failed or cancelled erasure is completed by the next one, of any person, or by {@link finishErasure}:
 * only channels, rows, rejects, presets, interactions and promoted impressions need the key, and are erased first.
 */
export function eraseJob(deps: EraseDeps, user: string): JobWork {
  const { folder, store, pages, writes, wallClock } = deps;
  return async (onProgress, signal): Promise<ErasureReceipt & Readonly<Record<string, unknown>>> => {
    onProgress({ phase: 'erasing rows', done: null, total: null });
    // First, so that nothing more is sent.
    const notifications = await eraseNotifications(deps, user);
    // Before the rows, which are the only record of whose boards these are.
    const boardKeys = await boardKeysOf(deps, store.indexOf('users', user));
    const keys = [user, ...boardKeys];
    const rejects = await inRejects<ErasedRejects>({ root: folder.root, keys, isErasing: true }, signal);
    const presets = eraseFromPresets(folder, keys);
    const interactions = await eraseInteractions(deps, user);
    const promotions = await erasePromotions(deps, user);
    const rows = await writes.run({ kind: 'erase', user, time: wallClock() });
    const forget = (): number => pages.forget(new Set([user]), new Set(boardKeys));
    let keptAnswers = forget();
    const copies = await eraseCopies(deps, onProgress, signal);
    // Pages that were computed while the rows were erased.
    keptAnswers += forget();
    const graph = { saves: rows.saves };
    return { rows, rejects, presets, interactions, notifications, promotions, keptAnswers, graph, ...copies };
  };
}

async function eraseNotifications(
  { folder, notifications }: EraseDeps,
  user: string,
): Promise<ErasedNotifications> {
  if (!hasNotifications(folder)) return { channels: 0, notifications: 0 };
  return notifications.call('erase', user);
}

async function erasePromotions({ folder, campaigns }: EraseDeps, user: string): Promise<ErasedPromotions> {
  if (!hasCampaigns(folder)) return { impressions: 0, charges: 0, hides: 0 };
  return campaigns.call('erase', user);
}

/** Month by month, so that interactions that have arrived meanwhile are written in between. */
async function eraseInteractions({ folder, interactions }: EraseDeps, user: string): Promise<number> {
  if (!hasInteractions(folder, user)) return 0;
  let rows = 0;
  for (const month of listMonths(folder)) rows += await interactions.run({ kind: 'erase', user, month });
  return rows;
}

async function boardKeysOf({ store, turns }: EraseDeps, user: number | undefined): Promise<string[]> {
  const keys: string[] = [];
  if (user === undefined) return keys;
  for (let page = store.boardsAfter(user, -1, boardsPerTurn); page.length > 0;) {
    for (const board of page) {
      const key = store.keyAt('boards', board);
      if (key !== undefined) keys.push(key);
    }
    await turns.next();
    page = store.boardsAfter(user, page.at(-1)!, boardsPerTurn);
  }
  return keys;
}

/** Whether rejected rows of imports name a person, of whom nothing else may be stored. */
export async function isInRejectedRows({ root }: DataFolder, user: string): Promise<boolean> {
  return inRejects<boolean>({ root, keys: [user], isErasing: false });
}

async function inRejects<Result>(task: RejectsTask, signal?: AbortSignal): Promise<Result> {
  const file = moduleBeside('rejects-worker', import.meta.url);
  return runInThread<Result>(file, task, signal === undefined ? {} : { signal });
}

/** The interactions of a person as JSON objects, joined by commas in parts. */
export async function interactionsOf(folder: DataFolder, user: string): Promise<readonly string[]> {
  const task: PersonTask = { root: folder.root, user };
  return runInThread<string[]>(moduleBeside('person-worker', import.meta.url), task);
}

/**
 * Completes an erasure that was interrupted after the rows were gone, by a kill or a full disk. Call it at the start, in
 * one step with the loading of the graph: it waits for that, and no build may come between.
 */
export function finishErasure(deps: FinishDeps, why: string = 'an erasure was interrupted'): void {
  const { store, jobs, log } = deps;
  if (!hasUnfinishedErasure(store.database)) return;
  log.warn(`${why}: erasing the remaining copies now`);
  const finish: JobWork = async (onProgress, signal) => {
    const copies = await eraseCopies(deps, onProgress, signal);
    log.info(copies, 'the erasure is complete');
    return copies;
  };
  const remedy = 'the next start tries again, and so does DELETE /v1/users/{user}';
  jobs.start('erase', logFailure(finish, log, `the erasure could not be completed; ${remedy}`));
}

const replicaRetryMs = 2_000;

/** On a replica: erases the copies of people whom its writer has erased, until none is left. */
export function eraseOnReplica(deps: FinishDeps): void {
  const { store, jobs, graphs } = deps;
  if (graphs.state === 'draining' || !hasUnfinishedErasure(store.database)) return;
  if (jobs.running('erase', 'build') === undefined) finishErasure(deps, 'the writer has erased people');
  setTimeout(() => eraseOnReplica(deps), replicaRetryMs).unref();
}

type ErasedCopies = Pick<ErasureReceipt, 'snapshots' | 'events' | 'database'>;

/** Erases all copies of erased rows from the disk. */
async function eraseCopies(
  deps: EraseDeps,
  onProgress: Parameters<JobWork>[0],
  signal: AbortSignal,
): Promise<ErasedCopies & Readonly<Record<string, unknown>>> {
  const { store, writes } = deps;
  const upTo = readPosition(store.database);
  const snapshots = await renewSnapshots(deps, onProgress, signal);
  onProgress({ phase: 'rewriting the database', done: null, total: null });
  const events = await writes.run({ kind: 'scrub', upTo });
  await truncateWal(writes, signal);
  return { snapshots, events, database: { rewritten: true, logEmptied: true } };
}

async function renewSnapshots(
  { folder, graphs }: EraseDeps,
  onProgress: Parameters<JobWork>[0],
  signal: AbortSignal,
): Promise<ErasureReceipt['snapshots']> {
  await graphs.settled();
  const old = listSnapshots(folder).map(({ version }) => version);
  if (old.length === 0) return { built: null, dropped: [] };
  const built = await buildIfAny(folder, onProgress, signal);
  if (built !== undefined) {
    onProgress({ phase: 'activating', done: null, total: null });
    await graphs.settled();
    // Without this person, the snapshot may differ much from the one before.
    await graphs.swap(built, { force: true, pin: false });
  }
  const others = old.filter((version) => version !== built);
  return { built: built ?? null, dropped: dropSnapshots(folder, others) };
}

async function buildIfAny(
  folder: DataFolder,
  onProgress: Parameters<JobWork>[0],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    return (await buildInThread(folder, signal, onProgress)).version;
  } catch (error) {
    if (error instanceof DataError && error.code === 'nothing-to-build') return undefined;
    throw error;
  }
}

async function truncateWal(writes: WriteThread, signal: AbortSignal): Promise<void> {
  for (let attempts = 1; !(await writes.run({ kind: 'truncateWal' })); attempts++) {
    if (attempts === logAttempts || signal.aborted) {
      throw new DataError(
        'data-folder-in-use',
        'the rows are gone, but another process reads the database, so its log cannot be emptied: erase again later',
      );
    }
    await wait(logWaitMs);
  }
}

import type { Logger } from 'pino';
import { dayMs } from '../graph-data/interactions/index.ts';
import { type DataFolder, DatabaseFile, Store, ensureDatabase, modeForOthers } from '../graph-data/index.ts';
import { Turns, createIds } from './base/index.ts';
import type { Activation } from './contract/index.ts';
import {
  DatabaseCheck,
  Metrics,
  type Settings,
  startPacingLoop,
  startRetention,
  tidyUp,
} from './operations/index.ts';
import { Experiments } from './experiments/index.ts';
import { Interests } from './interests/index.ts';
import { type Secrets, createSenders, planDefaults } from './notifications/index.ts';
import { DeliveryLoop, PlanLoop, PlanThread } from './runtime/delivery/index.ts';
import { InterestCatalog } from './recommend/index.ts';
import { PresetCatalog } from './recommend/presets/index.ts';
import { Promotion } from './runtime/promotion/index.ts';
import { FollowLoop, type FollowOptions } from './runtime/replica/index.ts';
import { type KafkaOptions, Stream } from './runtime/stream/index.ts';
import { Jobs, Reports, eraseOnReplica, finishErasure, startDueBuild } from './runtime/jobs/index.ts';
import {
  GraphServer,
  type GraphServerOptions,
  ModelThread,
  NodeCounts,
  PageCache,
  Positions,
  StorageWatch,
} from './runtime/serving/index.ts';
import {
  CampaignThread,
  InteractionThread,
  NotificationThread,
  WriteThread,
  type WriteThreadOptions,
} from './runtime/writing/index.ts';

/** Everything that the routes work with, over one data folder. */
export interface Service extends Required<Clock> {
  readonly folder: DataFolder;
  readonly settings: Settings;
  readonly log: Logger;
  readonly store: Store;
  readonly storage: StorageWatch;
  readonly graphs: GraphServer;
  readonly pages: PageCache;
  readonly presets: PresetCatalog;
  readonly experiments: Experiments;
  readonly interests: Interests;
  readonly interestCatalog: InterestCatalog;
  readonly jobs: Jobs;
  readonly writes: WriteThread;
  readonly interactions: InteractionThread;
  /** Writes channels and notifications. */
  readonly notifications: NotificationThread;
  readonly planner: PlanThread;
  /** Writes campaigns, and runs their auctions. */
  readonly campaigns: CampaignThread;
  /** What requests with promoted slots need beside themselves. */
  readonly promotion: Promotion;
  readonly reports: Reports;
  /** The earliest time of interactions that are kept, in milliseconds since 1970. */
  readonly keptFrom: () => number;
  readonly metrics: Metrics;
  readonly counts: NodeCounts;
  /** The position of the change log's end. */
  readonly committed: Positions;
  /** The position up to which the served graph has all changes; without a graph, the end of the log. */
  readonly applied: Positions;
  /** Follows the writer; absent unless this server is a replica. */
  readonly replica: FollowLoop | undefined;
  /** Reads and writes topics of Kafka, where there are any. */
  readonly stream: Stream | undefined;
  /** Of the event loop, for long work on the main thread. */
  readonly turns: Turns;
  /**
   * Loads the active snapshot, and finishes an erasure that was interrupted. Undefined when there is no snapshot to
   * serve; until then, requests for recommendations are answered with `graph-not-ready`.
   */
  readonly start: () => Promise<Activation | undefined>;
  /**
   * Turns not ready, ends requests as the caller says, then cancels jobs, makes pending writes durable and ends all
   * threads: each step needs what the later ones close.
   */
  readonly close: (endRequests: () => Promise<void>) => Promise<void>;
}

interface Clock {
  /** Milliseconds that never go back. Default: `performance.now`. */
  readonly now?: () => number;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly wallClock?: () => number;
  /** Default: ULIDs. */
  readonly newId?: () => string;
}

export interface ServiceOptions extends Clock {
  readonly folder: DataFolder;
  readonly settings: Settings;
  readonly log: Logger;
  /** Of senders of notifications. Default: none. */
  readonly secrets?: Secrets;
  /** Makes this server a replica. Default: it takes writes. */
  readonly replica?: FollowOptions | undefined;
  /** Topics to read and to write. Default: none. */
  readonly kafka?: KafkaOptions | undefined;
  readonly writing?: Pick<WriteThreadOptions, 'busyMs' | 'changesMax'>;
  readonly serving?: Pick<GraphServerOptions, 'lightWorkMax'>;
  /** Called when a new graph is due; returns whether one is being built. Default: starts a build and a swap to it. */
  readonly onDue?: () => boolean;
}

/** The one place where the parts of the server are put together: `pinwalk serve` and tests both call it. */
export function createService(options: ServiceOptions): Service {
  const { folder, settings, log, serving, writing, secrets = {} } = options;
  const { now = () => performance.now(), wallClock = () => Date.now(), newId = createIds() } = options;
  ensureDatabase(folder);
  const presets = new PresetCatalog(folder, now, (fault) => log.error(fault));
  const store = Store.open(folder);
  const onFault = (fault: unknown): void => log.error(fault);
  const experiments = new Experiments({ folder, store, presets, now, wallClock, onFault });
  const file = new DatabaseFile(folder);
  const mode = modeForOthers(folder);
  if (mode !== undefined) {
    log.warn(`other users of this machine can read the database (mode ${mode}): chmod -R go= ${folder.root}`);
  }
  const storage = new StorageWatch({ faultNow: () => file.fault, onFault: (fault) => log.error(fault) });
  const pages = new PageCache(now, settings.keptAnswersMax);
  const jobs = new Jobs({
    newId,
    date: () => new Date(wallClock()),
    onFault: (err) => log.error({ err }, 'unexpected error in a job'),
  });
  const turns = new Turns(setImmediate);
  const interestCatalog = new InterestCatalog(folder, now, onFault);
  const interests = new Interests(interestCatalog, store, turns);
  const models = new ModelThread(folder, onFault);
  const graphs: GraphServer = new GraphServer({
    ...settings,
    ...serving,
    // Turns of its own: responses to writes wait for it, which should not wait for exports and streams.
    turns: new Turns(setImmediate),
    folder,
    models,
    database: store.database,
    storage,
    now,
    onCaughtUp: () => {
      committed.advanced();
      applied.advanced();
    },
    onSwap: (report) => {
      log.info(report, 'serves another snapshot');
      if (report.previous === null) return;
      metrics.swapped(report.swapMs / 1000);
      tidied = tidied.then(async () => tidyUp({ folder, settings, writes, store, log }));
    },
    onFault: (fault) => log.error(fault),
    onHeld: (version) =>
      log.warn(
        `a new graph is due, but snapshot ${version} is pinned: saves that were imported, or no longer fit, are not ` +
          'recommended until another one is activated, or this one without a pin',
      ),
    onDue: options.onDue ?? (() => startDueBuild(folder, graphs, { jobs, log })),
    onWorkerError: (err) => log.error({ err }, 'a worker thread failed'),
  });
  const committed = new Positions(() => store.position);
  const applied = new Positions(() => graphs.position ?? store.position);
  const onWriteFault = (fault: string | Error): void => {
    if (typeof fault === 'string') log.error(fault);
    else log.error({ err: fault }, 'a writer thread failed');
  };
  const writes = new WriteThread(folder, {
    ...writing,
    file,
    onCommit: async () => graphs.catchUp(),
    onFault: onWriteFault,
  });
  const interactions = new InteractionThread(folder, { ...writing, onFault: onWriteFault });
  const notifications = new NotificationThread(folder, { ...writing, onFault: onWriteFault });
  const campaigns = new CampaignThread(folder, { ...writing, onFault: onWriteFault });
  const promotion = new Promotion({ folder, settings, models, now, onFault });
  const reports = new Reports(folder);
  const { interactionDaysKept = Infinity } = settings;
  const keptFrom = (): number => wallClock() - interactionDaysKept * dayMs;
  const check = new DatabaseCheck({
    folder,
    now,
    wallClock,
    onFaults: (faults) =>
      log.error({ faults }, 'the database is damaged: stop the server and restore it from a backup'),
    onFailure: (err) => log.error({ err }, 'the database could not be checked'),
  });
  const replica =
    options.replica &&
    new FollowLoop({
      ...options.replica,
      database: store.database,
      apply: async (lines, changes) => writes.applyChanges(lines, changes, wallClock()),
      onErased: ({ erased }) => {
        pages.forget(new Set(erased.users), new Set(erased.boards));
        eraseOnReplica(service);
      },
      onFault: (fault) => log.warn(fault),
      now,
    });
  const streamDeps = { folder, store, writes, interactions, keptFrom, committed, now, wallClock, log };
  const stream = options.kafka && new Stream(options.kafka, streamDeps);
  const metrics = new Metrics({ graphs, pages, writes, check, committed, replica, stream });
  let tidied = Promise.resolve();
  const { senders, faults } = createSenders(folder, settings, secrets);
  for (const fault of faults) log.warn(fault);
  const { notifyPerWeek: perWeek, notifyHoldout: holdout, notifyExplore: explore } = settings;
  const policy = { ...planDefaults, perWeek, holdout, explore };
  const planner = new PlanThread(folder, policy, () => graphs.current);
  const plans = new PlanLoop({ folder, settings, planner, now: wallClock, log });
  const delivery = new DeliveryLoop({
    folder,
    settings,
    senders,
    notifications,
    planner,
    now: wallClock,
    promote: async (claimed) => (await promotion.codeIfUsed())?.promoteNotification(service, claimed),
    record: async (rows) => void (await interactions.write({ rows, time: wallClock(), from: keptFrom() })),
    log,
  });
  const counts = new NodeCounts(store, graphs, turns);
  let stopRetention: (() => void) | undefined;
  let stopPacing: (() => void) | undefined;
  const parts = { folder, settings, log, store, storage, graphs, pages, presets, jobs, writes, metrics };
  const service = {
    ...parts,
    experiments,
    interests,
    interestCatalog,
    campaigns,
    promotion,
    interactions,
    notifications,
    planner,
    reports,
    keptFrom,
    counts,
    committed,
    applied,
    replica,
    stream,
    turns,
    now,
    wallClock,
    newId,
  };
  return {
    ...service,
    start: async () => {
      // In one step with the loading of the graph: no build may come between.
      finishErasure(service);
      const activation = await graphs.start();
      // Its code would be loaded at the expense of the first answers.
      writes.start();
      check.start();
      replica?.start();
      if (replica !== undefined) return activation;
      await promotion.codeIfUsed();
      stopRetention = startRetention(service);
      stopPacing = startPacingLoop(service);
      delivery.start();
      plans.start();
      stream?.start();
      return activation;
    },
    close: async (endRequests) => {
      check.close();
      stopRetention?.();
      stopPacing?.();
      graphs.drain();
      await Promise.all([replica?.close(), stream?.close()]);
      committed.close();
      applied.close();
      await endRequests();
      await Promise.all([jobs.close(), reports.close()]);
      await planner.close();
      await Promise.all([tidied, delivery.close(), plans.close()]);
      await Promise.all([writes, interactions, notifications, campaigns].map(async (each) => each.close()));
      await graphs.close();
      await models.close();
      store.close();
    },
  };
}

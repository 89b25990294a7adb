import {
  GraphServer,
  Jobs,
  KeptAnswers,
  Metrics,
  PresetBook,
  type Service,
  WriteThread,
  buildUnasked,
  createApp,
  createIds,
  createLog,
  finishErasure,
  listen,
  settingsSchema,
  stop,
  tidy,
} from '../../api/index.ts';
import { type DataFolder, Store, ensureDatabase } from '../../graph-data/index.ts';

/** The real server over a data folder, in this process, so that its arrays can be looked at. */
export interface OpenedServer {
  readonly url: string;
  readonly graphs: GraphServer;
  /** What an operator would be told of: nothing, as nothing here is faulty. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens it as `pinwalk serve` does, and resolves when it serves what there is to be served. */
export async function openServer(folder: DataFolder): Promise<OpenedServer> {
  ensureDatabase(folder);
  const faults: string[] = [];
  const onFault = (fault: unknown): void => void faults.push(String(fault));
  const now = (): number => performance.now();
  const newId = createIds();
  const store = Store.open(folder);
  const settings = settingsSchema.parse({ rateLimitPerMinute: 0 });
  const kept = new KeptAnswers(now, settings.keptAnswersMax);
  const log = createLog('error', { write: onFault });
  const jobs = new Jobs({ newId, date: () => new Date(), onFault });
  let tidied: Promise<unknown> = Promise.resolve();
  const graphs: GraphServer = new GraphServer(
    folder,
    {
      threads: 1,
      queueMsMax: 60_000,
      queueLengthMax: 1_000,
      onFault,
      onWorkerError: onFault,
      overlapMin: 0,
      // As often as it can be: events go that older graphs would need.
      onSwap: ({ previous }) => {
        if (previous !== null) tidied = tidied.then(() => tidy(folder, writes, 2)).catch(onFault);
      },
      onDue: () => buildUnasked(folder, graphs, { jobs, log }),
    },
    now,
  );
  graphs.followDatabase(store.database);
  const writes = new WriteThread(folder, { onFault, onCommit: () => graphs.catchUp() });
  const service: Service = {
    folder,
    graphs,
    store,
    jobs,
    writes,
    kept,
    settings,
    metrics: new Metrics({ graphs, kept, writes }),
    presets: new PresetBook(folder, now, onFault),
    access: { isLoopback: true },
    log,
    now,
    newId,
    wallClock: Date.now,
  };
  const { url, server } = await listen(createApp(service), '127.0.0.1', 0, { log, newId });
  finishErasure(service);
  await graphs.start();
  const close = async (): Promise<void> => {
    graphs.drain();
    await stop(server, 1_000);
    await jobs.close();
    await tidied;
    await writes.close();
    await graphs.close();
    store.close();
  };
  return { url, graphs, faults, close };
}

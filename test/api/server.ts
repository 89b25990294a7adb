import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import {
  type AccessSettings,
  GraphServer,
  Jobs,
  KeptAnswers,
  type ListenOptions,
  Metrics,
  PresetBook,
  type Service,
  type Settings,
  type Activation,
  WriteThread,
  type WriteThreadOptions,
  createApp,
  createLog,
  listen,
  settingsSchema,
  stop,
} from '../../api/index.ts';
import type { Route } from '../../api/http/index.ts';
import { allRoutes } from '../../api/routes/index.ts';
import { reserveFor } from '../../api/runtime/serving/index.ts';
import {
  type DataFolder,
  type LoadedSnapshot,
  Store,
  activateSnapshot,
  buildSnapshot,
  loadActiveSnapshot,
} from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

/** A real server for a suite of tests, on a free port of this machine. */
export interface TestServer {
  url: string;
  /** How far the server's clock is ahead of the real one. */
  skippedMs: number;
  readonly folder: DataFolder;
  readonly logLines: string[];
  /** What the graph server and jobs told of. */
  readonly faults: string[];
  readonly swaps: Activation[];
  /** How often a new graph was said to be due. */
  dues: number;
  readonly graphs: GraphServer;
  routes: readonly Route[];
  /** Connections that are open. */
  connections: () => Promise<number>;
  /** Loads the graph, unless the suite does so itself. */
  loadGraph: () => Promise<void>;
  get: (path: string, init?: RequestInit) => Promise<Answer>;
  post: (path: string, body: unknown) => Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // The tests look inside by name; what they find there is what they assert.
  // eslint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Starts a server over what `fill` imports; it stops when the suite ends. */
export function serveForSuite(
  fill: (folder: DataFolder) => Promise<unknown>,
  {
    isBuilt = true,
    isLoaded = isBuilt,
    queueMsMax = 10_000,
    settings: given = {},
    access = { isLoopback: true },
    limits = {},
    writing = {},
    moreRoutes = [],
  }: {
    isBuilt?: boolean;
    isLoaded?: boolean;
    queueMsMax?: number;
    settings?: Partial<Settings>;
    access?: AccessSettings;
    limits?: NonNullable<ListenOptions['limits']>;
    writing?: Partial<WriteThreadOptions>;
    moreRoutes?: readonly Route[];
  } = {},
): TestServer {
  const folder = temporaryDataFolder(afterAll);
  const logLines: string[] = [];
  const faults: string[] = [];
  const swaps: Activation[] = [];
  let close: () => Promise<void> = async () => {};
  const now = (): number => performance.now() + server.skippedMs;
  const graphs = new GraphServer(
    folder,
    {
      threads: 1,
      queueMsMax,
      queueLengthMax: 1_000,
      onSwap: (report) => swaps.push(report),
      onFault: (fault) => faults.push(fault),
      onDue: () => ++server.dues > 0,
      onWorkerError: (error) => faults.push(String(error)),
    },
    now,
  );
  const server: TestServer = {
    url: '',
    skippedMs: 0,
    folder,
    logLines,
    faults,
    swaps,
    dues: 0,
    graphs,
    routes: [],
    connections: async () => 0,
    loadGraph: async () => {
      const snapshot: LoadedSnapshot = loadActiveSnapshot(folder, () => {}, { reserve: reserveFor });
      await graphs.serve(snapshot, []);
    },
    get: async (path, init) => read(await fetch(server.url + path, init)),
    post: async (path, body) => server.get(path, json(body)),
  };
  beforeAll(async () => {
    await fill(folder);
    if (isBuilt) activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
    const store = Store.open(folder);
    graphs.followDatabase(store.database);
    if (isLoaded) await server.loadGraph();
    let ids = 0;
    const newId = (): string => `id-${++ids}`;
    const jobs = new Jobs({ newId, date: () => new Date(), onFault: (error) => faults.push(String(error)) });
    const onFault = (fault: unknown): void => void faults.push(String(fault));
    const writes = new WriteThread(folder, {
      busyMs: 100,
      onFault,
      onCommit: () => graphs.catchUp(),
      ...writing,
    });
    const settings = settingsSchema.parse(given);
    const kept = new KeptAnswers(now, settings.keptAnswersMax);
    const log = createLog('info', { write: (line: string) => void logLines.push(line) });
    const service: Service = {
      folder,
      graphs,
      store,
      jobs,
      writes,
      kept,
      settings,
      metrics: new Metrics({ graphs, kept, writes }),
      access,
      presets: new PresetBook(folder, now, onFault),
      log,
      now,
      newId,
      wallClock: () => Date.now() + server.skippedMs,
    };
    server.routes = [...allRoutes(service), ...moreRoutes];
    const app = createApp(service, server.routes);
    const listening = await listen(app, '127.0.0.1', 0, { log, newId, limits });
    server.url = listening.url;
    server.connections = promisify(listening.server.getConnections.bind(listening.server));
    close = async () => {
      await stop(listening.server, 1_000);
      await jobs.close();
      await writes.close();
      await graphs.close();
      store.close();
    };
  });
  afterAll(() => close());
  return server;
}

function json(body: unknown): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: text };
}

async function read(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
  };
}

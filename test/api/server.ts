import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { settingsSchema } from '../../api/operations/settings.ts';
import {
  type GraphServer,
  type ListenOptions,
  type Service,
  type Settings,
  createApp,
  createLog,
  createService,
  drain,
  listen,
} from '../../api/index.ts';
import type { Route } from '../../api/http/index.ts';
import { allRoutes } from '../../api/routes/index.ts';
import { reserveFor } from '../../api/runtime/serving/graph-follower.ts';
import type { ServiceOptions } from '../../api/service.ts';
import {
  type DataFolder,
  activateSnapshot,
  buildSnapshot,
  loadActiveSnapshot,
} from '../../graph-data/index.ts';
import { temporaryDataFolder } from '../data-folders.ts';

interface LogLine extends Readonly<Record<string, unknown>> {
  readonly level: number;
  readonly msg: string;
}

/** The real server, in this process, so that tests can look into it. */
export interface OpenedServer {
  readonly url: string;
  readonly service: Service;
  readonly routes: readonly Route[];
  readonly connections: () => Promise<number>;
  /** Requests in flight may take another second. */
  readonly close: () => Promise<void>;
}

/** Opens a server with one worker on a free port of this machine; it has no graph until it is started. */
export async function openServer(
  { settings = {}, ...options }: Omit<ServiceOptions, 'settings'> & { readonly settings?: Partial<Settings> },
  { moreRoutes = [], limits = {} }: { moreRoutes?: readonly Route[]; limits?: ListenOptions['limits'] } = {},
): Promise<OpenedServer> {
  const parsed = settingsSchema.parse({ threads: 1, queueMsMax: 60_000, ...settings });
  const service = createService({ ...options, settings: parsed });
  const routes = [...allRoutes(service), ...moreRoutes];
  const { log, newId } = service;
  const listening = await listen(createApp(service, { routes }), '127.0.0.1', 0, { log, newId, limits });
  const { url, server } = listening;
  const endRequests = async (): Promise<void> => {
    const cut = setTimeout(() => server.closeAllConnections(), 1_000);
    await drain(listening);
    clearTimeout(cut);
  };
  return {
    url,
    service,
    routes,
    connections: promisify(server.getConnections.bind(server)),
    close: async () => service.close(endRequests),
  };
}

/** A server for a suite of tests. */
export interface TestServer {
  /** How far the server's clock is ahead of the real one. */
  skippedMs: number;
  readonly folder: DataFolder;
  readonly logLines: string[];
  readonly log: readonly LogLine[];
  /** Messages of the log's errors. */
  readonly faults: readonly string[];
  readonly url: string;
  readonly graphs: GraphServer;
  readonly turns: Service['turns'];
  readonly routes: readonly Route[];
  /** Connections that are open. */
  readonly connections: () => Promise<number>;
  /** Loads the graph, unless the suite does so itself; it is loading, or swapping, at least until `held` resolves. */
  readonly loadGraph: (held?: Promise<unknown>) => Promise<void>;
  readonly get: (path: string, init?: RequestInit) => Promise<Answer>;
  readonly post: (path: string, body: unknown) => Promise<Answer>;
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
    isRebuilt = false,
    settings,
    serving,
    writing,
    replica,
    kafka,
    ...http
  }: Pick<ServiceOptions, 'serving' | 'writing' | 'replica' | 'kafka'> &
    Parameters<typeof openServer>[1] & {
      isBuilt?: boolean;
      isLoaded?: boolean;
      /** Whether a graph that falls behind is rebuilt, as in production. */
      isRebuilt?: boolean;
      settings?: Partial<Settings>;
    } = {},
): TestServer {
  const folder = temporaryDataFolder(afterAll);
  const logLines: string[] = [];
  let opened: OpenedServer;
  const server: TestServer = {
    skippedMs: 0,
    folder,
    logLines,
    get log() {
      return logLines.map((line) => JSON.parse(line) as LogLine);
    },
    get faults() {
      return server.log.flatMap(({ level, msg }) => (level >= 50 ? [msg] : []));
    },
    get url() {
      return opened.url;
    },
    get graphs() {
      return opened.service.graphs;
    },
    get turns() {
      return opened.service.turns;
    },
    get routes() {
      return opened.routes;
    },
    connections: async () => opened.connections(),
    loadGraph: async (held) => {
      const load = () => loadActiveSnapshot(folder, () => {}, { reserve: reserveFor });
      return server.graphs.serve(held === undefined ? load() : held.then(load));
    },
    get: async (path, init) => read(await fetch(server.url + path, init)),
    post: async (path, body) => server.get(path, json(body)),
  };
  beforeAll(async () => {
    await fill(folder);
    if (isBuilt) activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
    let ids = 0;
    opened = await openServer(
      {
        folder,
        settings: settings ?? {},
        log: createLog('info', { write: (line: string) => void logLines.push(line) }),
        now: () => performance.now() + server.skippedMs,
        wallClock: () => Date.now() + server.skippedMs,
        newId: () => `id-${++ids}`,
        ...(!isRebuilt && { onDue: () => true }),
        ...(serving && { serving }),
        ...(replica && { replica }),
        ...(kafka && { kafka }),
        writing: { busyMs: 100, ...writing },
      },
      http,
    );
    if (isLoaded) await server.loadGraph();
  });
  afterAll(async () => opened?.close());
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

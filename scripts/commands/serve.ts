import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Logger, destination } from 'pino';
import {
  Explorer,
  type FollowOptions,
  type InFlight,
  type Service,
  type Settings,
  createApp,
  createLog,
  createService,
  drain,
  flushSpans,
  isLoopback,
  kafkaOptions,
  listen,
  readSecrets,
} from '../../api/index.ts';
import { followedBy } from '../../graph-data/backup/index.ts';
import type { DataFolder } from '../../graph-data/base/index.ts';
import { Store, isEmpty, listKeys, openDatabaseReadOnly } from '../../graph-data/database/index.ts';
import { activateSnapshot, activeVersion } from '../../graph-data/snapshot/index.ts';
import { UsageError, newDataFolder } from './shared/options.ts';
import { print } from '../output.ts';
import { Replica } from './shared/replica.ts';
import { type SettingFlags, readSettings, withSettings } from './shared/setting-options.ts';
import { stopGracefully } from './shared/stop-gracefully.ts';
import { type SampleName, sampleNames } from './shared/sample-names.ts';

export function serveCommand(): Command {
  return withSettings(
    new Command('serve').description('Serve the REST API from the active snapshot.'),
  ).action(async (flags: SettingFlags) => {
    const { settings } = readSettings(flags);
    await serve(newDataFolder(settings), settings);
  });
}

/** `npm start`: serves, after importing and building a sample graph into an empty data folder. */
export function startCommand(): Command {
  return withSettings(
    new Command('start')
      .description(
        'Serve; if the data folder is empty, first import and build a sample (the command of npm start).',
      )
      .addOption(
        new Option('--sample <name>', 'sample for an empty data folder').choices(sampleNames).default('npm'),
      ),
  ).action(async ({ sample, ...flags }: SettingFlags & { sample: SampleName }) => {
    const { settings } = readSettings(flags);
    const folder = newDataFolder(settings);
    if (settings.follow === undefined) {
      assertServable(folder, settings);
      await importIfEmpty(folder, sample);
    }
    const { explorer, log } = await serve(folder, settings, true);
    // After npm start, users open the page next; other servers bundle it on the first request.
    explorer.assets().catch((err: unknown) => log.error({ err }, 'cannot bundle the page at /'));
  });
}

async function importIfEmpty(folder: DataFolder, sample: SampleName): Promise<void> {
  const database = openDatabaseReadOnly(folder);
  const empty = database === undefined || isEmpty(database);
  database?.close();
  if (empty) {
    // Loaded when used, as the build below: a server imports and builds nothing in this process.
    const { importSample, sampleSources } = await import('./sample.ts');
    print(
      sample === 'npm'
        ? 'Downloading the npm dependency graph of January 2017: 17 MB, once …'
        : 'Generating a graph: 500,000 saves …',
    );
    await importSample(folder, (signal) => sampleSources(folder, sample, {}, signal));
  }
  if (activeVersion(folder) !== undefined) return;
  const { runBuild } = await import('./build.ts');
  activateSnapshot(folder, (await runBuild(folder)).version, { pin: false });
}

interface Serving {
  readonly service: Service;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Listens, and returns when the graph is served or found missing; `hasExamples`: prints some requests. A signal ends the process. */
async function serve(
  folder: DataFolder,
  settings: Settings,
  hasExamples = false,
): Promise<{ explorer: Explorer; log: Logger }> {
  const log = createLog(settings.logLevel, destination(2));
  const secrets = readSecrets(process.env, (file) => readFileSync(file, 'utf8'));
  const explorer = new Explorer();
  const { follow: follows, stopSecondsMax: secondsMax } = settings;
  let { port } = settings;
  let inFlight: InFlight | undefined;
  const unfinished = (): Record<string, number> => ({
    cutRequests: inFlight?.requests ?? 0,
    cutConnections: inFlight?.connections ?? 0,
  });
  const kafka = follows === undefined ? kafkaOptions(settings, secrets.kafkaPassword) : undefined;
  const open = async (replica?: FollowOptions): Promise<Serving> => {
    assertServable(folder, settings);
    const service = createService({ folder, settings, log, secrets, replica, kafka });
    const listening = await listen(createApp(service, { explorer }), settings.host, port, service);
    ({ inFlight } = listening);
    // A replica that starts anew keeps its port.
    port = Number(new URL(listening.url).port);
    const close = async (): Promise<void> => {
      await service.close(async () => drain(listening));
      await flushSpans();
    };
    return { service, url: listening.url, close };
  };
  if (follows === undefined) {
    assertNoReplica(folder);
    const { service, url, close } = await open();
    stopGracefully({ stop: close, secondsMax, unfinished, log });
    try {
      await reportStart(service, url, hasExamples ? examplePaths(folder) : []);
    } catch (error) {
      // Otherwise the open port would keep a process that never gets ready.
      await close();
      throw error;
    }
  } else {
    const openReplica = async (follow: FollowOptions): Promise<Serving> => {
      const serving = await open(follow);
      await reportStart(serving.service, serving.url, hasExamples ? examplePaths(folder) : []);
      return serving;
    };
    const { writerKey: key } = secrets;
    const replica = new Replica({ folder, settings, follows, key, log, open: openReplica });
    stopGracefully({ stop: async () => replica.close(), secondsMax, unfinished, log });
    await replica.start();
  }
  return { explorer, log };
}

/** A replica's data comes from its writer: writes here would be lost. */
function assertNoReplica(folder: DataFolder): void {
  const follows = followedBy(folder);
  if (follows === undefined) return;
  throw new UsageError(
    `${folder.root} is a replica of ${follows}: serve it with --follow; if its writer is lost, make it the writer by ` +
      'deleting replica.json in it (docs/replicas.md)',
  );
}

/** Starts the service, and prints the graph that it serves, or how to build one. */
async function reportStart({ start, graphs }: Service, url: string, paths: readonly string[]): Promise<void> {
  const report = await start();
  if (report !== undefined) {
    print(`pinwalk serves graph ${report.version} on ${url}`);
    print(`  ${url}/ has a page to explore it`);
    if (report.pinned) print('  it is pinned: no build replaces it until another snapshot is activated');
    for (const path of paths) print(`  ${url}${path}`);
  } else if (graphs.state === 'empty') {
    print(
      `pinwalk listens on ${url} and has no snapshot to serve: run pinwalk import FILE, then pinwalk build ` +
        `(or POST /v1/snapshots)`,
    );
  }
}

/** The paths of three example requests. */
function examplePaths(folder: DataFolder): string[] {
  const store = Store.open(folder);
  const pins = ['express', 'react', 'leveldown'].filter((pin) => store.indexOf('pins', pin) !== undefined);
  const keys = pins.length === 3 ? pins : store.firstPinKeys(3);
  store.close();
  return keys.map((key) => `/v1/pins/${encodeURIComponent(key)}/related?limit=10`);
}

/** Without keys, every client has full access: then only this machine may reach the port. */
function assertServable(folder: DataFolder, { host }: Settings): void {
  if (isLoopback(host) || listKeys(folder).some(({ revokedAt }) => revokedAt === null)) return;
  throw new UsageError(
    `refusing to listen on ${host} without API keys: create one with pinwalk keys create, or use --host 127.0.0.1`,
  );
}

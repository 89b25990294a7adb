import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { type Level, destination } from 'pino';
import {
  GraphServer,
  KeptAnswers,
  createApp,
  createIds,
  createLog,
  isLoopback,
  listen,
  stop,
} from '../../api/index.ts';
import {
  type DataFolder,
  Store,
  activateSnapshot,
  activeVersion,
  isEmpty,
  listKeys,
  loadActiveSnapshot,
  openDatabaseReadOnly,
} from '../../graph-data/index.ts';
import { UsageError, dataFolder, dataOption, integer } from '../options.ts';
import { print } from '../output.ts';
import { runBuild } from './build.ts';
import { type SampleName, importSample, sampleNames, sampleSources } from './sample.ts';

interface ServeOptions {
  data: string;
  host: string;
  port: number;
  logLevel: Level | 'silent';
  rateLimitPerMinute?: number;
}

const stopSecondsMax = 10;
const logLevels = ['debug', 'info', 'warn', 'error', 'silent'];

export function serveCommand(): Command {
  return withServeOptions(
    new Command('serve').description('Answer REST requests from the active snapshot.'),
  ).action(async (options: ServeOptions) => serve(dataFolder(options), options, []));
}

/** What `npm start` runs: from an empty data folder to a server with a graph to try. */
export function startCommand(): Command {
  return withServeOptions(
    new Command('start')
      .description('Serve; with an empty data folder, import a sample and build it first. This is npm start.')
      .addOption(
        new Option('--sample <name>', 'the sample for an empty data folder')
          .choices(sampleNames)
          .default('npm'),
      ),
  ).action(async (options: ServeOptions & { sample: SampleName }) => {
    const folder = dataFolder(options);
    assertServable(folder, options);
    await prepare(folder, options.sample);
    await serve(folder, options, tryPaths(folder));
  });
}

function withServeOptions(command: Command): Command {
  return command
    .addOption(dataOption())
    .addOption(new Option('--host <host>', 'address to listen on').env('HOST').default('127.0.0.1'))
    .addOption(
      new Option('--port <port>', 'port, 0 for any free one')
        .env('PORT')
        .argParser(integer(0, 65_535))
        .default(3000),
    )
    .addOption(
      new Option(
        '--rate-limit-per-minute <n>',
        'requests of one key (of one address, without keys); 0 for no limit (default: 6000 with keys, else 0)',
      )
        .env('PINWALK_RATE_LIMIT_PER_MINUTE')
        .argParser(integer(0)),
    )
    .addOption(
      new Option('--log-level <level>', 'JSON lines on standard error').choices(logLevels).default('warn'),
    );
}

async function prepare(folder: DataFolder, sample: SampleName): Promise<void> {
  const database = openDatabaseReadOnly(folder);
  const empty = database === undefined || isEmpty(database);
  database?.close();
  if (empty) {
    print(
      sample === 'npm'
        ? 'Getting the npm dependency graph of January 2017: 17 MB, once …'
        : 'Making up a graph: 500,000 saves …',
    );
    await importSample(folder, (signal) => sampleSources(folder, sample, {}, signal));
  }
  if (activeVersion(folder) === undefined) activateSnapshot(folder, (await runBuild(folder)).version);
}

async function serve(folder: DataFolder, options: ServeOptions, paths: readonly string[]): Promise<void> {
  assertServable(folder, options);
  const log = createLog(options.logLevel, destination(2));
  const snapshot = loadActiveSnapshot(folder, (fault) => log.error({ code: fault.code }, fault.message));
  const store = Store.open(folder);
  const graphs = new GraphServer(
    folder,
    { threads: availableParallelism(), queueMsMax: 50, queueLengthMax: 1000 },
    now,
  );
  await graphs.serve(snapshot, store.firstPinKeys(100));
  const kept = new KeptAnswers(now);
  const access = {
    isLoopback: isLoopback(options.host),
    rateLimitPerMinute: options.rateLimitPerMinute,
  };
  const newId = createIds();
  const app = createApp({ folder, graphs, store, kept, access, log, now, newId });
  const { server, url } = await listen(app, options.host, options.port, { log, newId });
  print(`pinwalk serves graph ${snapshot.version} on ${url}`);
  for (const path of paths) print(`  ${url}${path}`);

  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  await stop(server, stopSecondsMax * 1000);
  await graphs.close();
  store.close();
}

/** Three URLs that answer on the graph at hand. */
function tryPaths(folder: DataFolder): string[] {
  const store = Store.open(folder);
  const pins = ['express', 'react', 'leveldown'].filter((pin) => store.indexOf('pins', pin) !== undefined);
  const keys = pins.length === 3 ? pins : store.firstPinKeys(3);
  store.close();
  return keys.map((key) => `/v1/pins/${encodeURIComponent(key)}/related?limit=10`);
}

/** Whoever reaches the port may ask anything while there are no keys: that is for this machine alone. */
function assertServable(folder: DataFolder, { host }: ServeOptions): void {
  if (isLoopback(host) || listKeys(folder).some(({ revokedAt }) => revokedAt === null)) return;
  throw new UsageError(
    `refusing to listen on ${host} without API keys: make one with pinwalk keys create, or use --host 127.0.0.1`,
  );
}

function now(): number {
  return performance.now();
}

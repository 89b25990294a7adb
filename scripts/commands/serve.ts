import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { pino } from 'pino';
import { ulid } from 'ulid';
import { GraphServer, Jobs, KeptAnswers, createApp, isLoopback, listen, stop } from '../../api/index.ts';
import {
  type DataFolder,
  Store,
  activateSnapshot,
  activeVersion,
  ensureDatabase,
  isEmpty,
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
  logLevel: string;
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
    assertServable(options);
    const folder = dataFolder(options);
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
  assertServable(options);
  const log = pino({ level: options.logLevel }, pino.destination(2));
  ensureDatabase(folder);
  const store = Store.open(folder);
  const graphs = new GraphServer(
    folder,
    {
      threads: availableParallelism(),
      queueMsMax: 50,
      queueLengthMax: 1000,
      onSwap: (report) => log.info(report, 'serves another snapshot'),
      onFault: (fault) => log.error(fault),
    },
    now,
  );
  const jobs = new Jobs({
    newId: ulid,
    date: () => new Date(),
    onFault: (error) => log.error({ err: error }, 'unforeseen error in a job'),
  });
  const kept = new KeptAnswers(now);
  const app = createApp({ folder, graphs, store, kept, jobs, log, now, newId: ulid });
  const { server, url } = await listen(app, options.host, options.port);
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve).once('SIGTERM', resolve);
  });
  const started = tellStart(graphs, url, paths);
  try {
    await Promise.race([stopped, started.then(() => stopped)]);
  } finally {
    graphs.drain();
    await stop(server, stopSecondsMax * 1000);
    await jobs.close();
    await graphs.close();
    store.close();
  }
}

/** Listens already; says when there is a graph to ask, or what to do when there is none. */
async function tellStart(graphs: GraphServer, url: string, paths: readonly string[]): Promise<void> {
  const report = await graphs.start();
  if (report !== undefined) {
    print(`pinwalk serves graph ${report.version} on ${url}`);
    for (const path of paths) print(`  ${url}${path}`);
  } else if (graphs.state === 'empty') {
    print(
      `pinwalk listens on ${url} and has no snapshot to serve: run pinwalk import FILE, then pinwalk build ` +
        `(or POST /v1/snapshots)`,
    );
  }
}

/** Three URLs that answer on the graph at hand. */
function tryPaths(folder: DataFolder): string[] {
  const store = Store.open(folder);
  const pins = ['express', 'react', 'leveldown'].filter((pin) => store.indexOf('pins', pin) !== undefined);
  const keys = pins.length === 3 ? pins : store.firstPinKeys(3);
  store.close();
  return keys.map((key) => `/v1/pins/${encodeURIComponent(key)}/related?limit=10`);
}

/** There are no API keys yet, so whoever reaches the port may ask anything. */
function assertServable({ host }: ServeOptions): void {
  if (!isLoopback(host)) {
    throw new UsageError(
      `refusing to listen on ${host}: without API keys only this machine may ask. Use --host 127.0.0.1, behind a proxy that checks who asks`,
    );
  }
}

function now(): number {
  return performance.now();
}

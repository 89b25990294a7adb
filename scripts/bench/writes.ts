import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { nextBelow, nextUnit, randomStream } from '../../engine/index.ts';
import {
  type DataFolder,
  type SaveChange,
  SaveWriter,
  activateSnapshot,
  buildSnapshot,
  importRows,
  openDataFolder,
  openDatabaseReadOnly,
  readCounts,
} from '../../graph-data/index.ts';
import { jsonOption } from '../commands/shared/options.ts';
import { print, printJson, thousands } from '../output.ts';
import type { Percentiles } from './api/open-loop.ts';
import { startServer } from './api/server-process.ts';
import { type BenchCase, describeMachine, hashOf, timed } from './case.ts';
import { resultsOption, writeResults } from './results.ts';
import { saveToAnswer, singlesBeside, untilIdle } from './writes-beside.ts';

interface Sizes {
  /** The graph before the benchmark. */
  readonly pins: number;
  readonly boards: number;
  readonly saves: number;
  /** What each case writes. */
  readonly batches: number;
  readonly posts: number;
  readonly singles: number;
  /** Of reads and writes together. */
  readonly seconds: number;
}

const full: Sizes = {
  pins: 100_000,
  boards: 100_000,
  saves: 1e6,
  batches: 300,
  posts: 200,
  singles: 20_000,
  seconds: 30,
};
const small: Sizes = { pins: 500, boards: 200, saves: 5_000, batches: 3, posts: 3, singles: 200, seconds: 1 };
const batchSize = 1_000;
/** Saves that one request may have as a list. */
const largestList = 10_000;
const clients = 64;
/** The batches that the writer thread commits at once under load. */
const batchesPerCommit = 50;
const importedAt = Date.UTC(2026, 4, 17);
/** Advances with each request. */
let clock = importedAt;

await new Command('bench:writes')
  .description('Benchmark of durable writes: into the database, and over HTTP to a server process.')
  .option('--small', 'tiny sizes, as a smoke test')
  .addOption(jsonOption())
  .addOption(resultsOption())
  .action(async (options: { small?: true; json?: true; results?: string }) => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'pinwalk-bench-'));
    try {
      const cases = await runCases(openDataFolder(temporary), options.small === true ? small : full);
      const machine = describeMachine();
      writeResults(options.results, { machine, cases });
      if (options.json === true) printJson({ machine, cases });
      else printTable(machine, cases);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  })
  .parseAsync();

async function runCases(folder: DataFolder, sizes: Sizes): Promise<BenchCase[]> {
  const next = saveStream(sizes);
  const rows = Array.from({ length: sizes.saves }, () => ({ ...next(), savedAt: importedAt, weight: NaN }));
  await importRows(folder, [{ name: 'before', rows: [rows] }]);
  activateSnapshot(folder, (await buildSnapshot(folder, () => performance.now())).version);
  const cases = [
    await benchBatches('apply', folder, sizes.batches, next),
    await benchBatches('apply-grouped', folder, sizes.batches, next, batchesPerCommit),
    await benchBatches('apply-recent', folder, sizes.batches, recentSaves(sizes)),
    await benchBatches('apply-all-new', folder, sizes.batches, newNodes('a')),
  ];
  const server = await startServer(folder.root, ['--rate-limit-per-minute', '0']);
  const target = { port: server.port, agent: new Agent({ keepAlive: true, maxSockets: clients }) };
  try {
    cases.push(
      await benchPosts(
        'post-1000',
        folder,
        target,
        { posts: sizes.posts, saves: batchSize, atOnce: 32 },
        next,
      ),
      await benchStream(folder, target, sizes.posts * batchSize, next),
      await benchPosts('post-1', folder, target, { posts: sizes.singles, saves: 1, atOnce: clients }, next),
      await benchPosts(
        'post-1-alone',
        folder,
        target,
        { posts: sizes.singles / 20, saves: 1, atOnce: 1 },
        next,
      ),
      await benchPosts(
        'post-1000-alone',
        folder,
        target,
        { posts: Math.ceil(sizes.posts / 4), saves: batchSize, atOnce: 1 },
        next,
      ),
    );
    const single = async (): Promise<void> => post(target, 'application/json', JSON.stringify(next()));
    const waits = async (name: string, large: Promise<unknown>): Promise<BenchCase[]> =>
      waitsOf(name, folder, await singlesBeside(large, single));
    const lines = linesOf(2 * sizes.posts * batchSize, next);
    const lists = Array.from({ length: Math.ceil(sizes.posts / 10) }, () =>
      JSON.stringify(Array.from({ length: largestList }, next)),
    );
    const postLists = async (): Promise<void> => {
      for (const list of lists) await post(target, 'application/json', list);
    };
    cases.push(
      ...(await waits('single-beside-stream', post(target, 'application/x-ndjson', lines))),
      ...(await waits('single-beside-10000', postLists())),
    );
    await untilIdle(server.port);
    cases.push(
      ...waitsOf(
        'save-to-answer',
        folder,
        await saveToAnswer({ folder, port: server.port, seconds: sizes.seconds }),
      ),
    );
  } finally {
    target.agent.destroy();
    await server.stop();
  }
  return cases;
}

type NextSave = () => Pick<SaveChange, 'user' | 'board' | 'pin'> & { readonly board: string };

/**
 * Saves of random pins on random boards: nearly all nodes exist, and most saves are new. This is the worst case, as each
 * save touches other pages of the database.
 */
function saveStream({ pins, boards }: Sizes): NextSave {
  const stream = randomStream(2026);
  return () => {
    const board = nextBelow(stream, boards);
    return { user: `user${board >> 1}`, board: `board${board}`, pin: `pin${nextBelow(stream, pins)}` };
  };
}

/**
 * The pattern of applications: saves go to recent boards (a hundredth of all), and more often to popular pins (a pin of
 * rank r with probability proportional to r^-2/3).
 */
function recentSaves({ pins, boards }: Sizes): NextSave {
  const stream = randomStream(2027);
  return () => {
    const board = boards - 1 - nextBelow(stream, Math.ceil(boards / 100));
    const pin = Math.floor(pins * nextUnit(stream) ** 3);
    return { user: `user${board >> 1}`, board: `board${board}`, pin: `pin${pin}` };
  };
}

/** Saves that each create a pin; every tenth also creates a board. */
function newNodes(name: string): NextSave {
  let i = 0;
  return () => {
    const board = `new${name}${Math.floor(i++ / 10)}`;
    return { user: board, board, pin: `new ${name} pin ${i}` };
  };
}

async function benchBatches(
  name: string,
  folder: DataFolder,
  batches: number,
  next: NextSave,
  perCommit = 1,
): Promise<BenchCase> {
  const all = Array.from({ length: batches }, () => {
    const changes = Array.from({ length: batchSize }, (): SaveChange => ({ kind: 'save', ...next() }));
    return { changes, time: ++clock };
  });
  const writer = SaveWriter.open(folder, { busyMs: 0 });
  const [seconds] = await timed(() => {
    for (let i = 0; i < batches; i += perCommit) writer.apply(all.slice(i, i + perCommit));
  });
  writer.close();
  return caseOf(`writes/${name}`, folder, (batches * batchSize) / seconds, 'saves/s');
}

interface Target {
  readonly port: number;
  readonly agent: Agent;
}

/** Each client sends its next request after the previous response. */
async function benchPosts(
  name: string,
  folder: DataFolder,
  target: Target,
  { posts, saves, atOnce }: { readonly posts: number; readonly saves: number; readonly atOnce: number },
  next: NextSave,
): Promise<BenchCase> {
  const bodies = Array.from({ length: posts }, () =>
    JSON.stringify(saves === 1 ? next() : Array.from({ length: saves }, next)),
  );
  const client = async (): Promise<void> => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      await post(target, 'application/json', body);
    }
  };
  const [seconds] = await timed(() => Promise.all(Array.from({ length: atOnce }, client)));
  const unit = saves === 1 ? 'requests/s' : 'saves/s';
  return caseOf(`writes/${name}`, folder, (posts * saves) / seconds, unit);
}

async function benchStream(
  folder: DataFolder,
  target: Target,
  saves: number,
  next: NextSave,
): Promise<BenchCase> {
  const lines = linesOf(saves, next);
  const [seconds] = await timed(() => post(target, 'application/x-ndjson', lines));
  return caseOf('writes/stream', folder, saves / seconds, 'saves/s');
}

function linesOf(saves: number, next: NextSave): string {
  return Array.from({ length: saves }, () => `${JSON.stringify(next())}\n`).join('');
}

/** Times that vary with the machine, so that nothing is hashed but the name. */
function waitsOf(name: string, folder: DataFolder, { p50, p99, max }: Percentiles): BenchCase[] {
  return Object.entries({ p50, p99, max }).map(([of, value]) =>
    caseOf(`writes/${name}/${of}`, folder, value, 'ms'),
  );
}

async function post({ port, agent }: Target, type: string, body: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const headers = { 'Content-Type': type };
    const sent = httpRequest(
      { port, host: '127.0.0.1', method: 'POST', path: '/v1/saves', agent, headers },
      (response) => {
        const { statusCode } = response;
        text(response).then(
          (problem) => (statusCode === 201 ? resolve() : reject(new Error(problem))),
          reject,
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A case with the hash of the database's counts: equal hashes show that two runs wrote the same. */
function caseOf(name: string, folder: DataFolder, value: number, unit: string): BenchCase {
  const database = openDatabaseReadOnly(folder)!;
  const hash = hashOf(readCounts(database));
  database.close();
  return { name, value, unit, ratios: {}, hash };
}

function printTable(machine: string, cases: readonly BenchCase[]): void {
  print(machine);
  print('');
  print('| case | value | hash |');
  print('|---|---|---|');
  for (const { name, value, unit, hash } of cases) {
    const figure = value >= 100 ? thousands(Math.round(value)) : value.toFixed(1);
    print(`| ${name} | ${figure} ${unit} | ${hash} |`);
  }
}

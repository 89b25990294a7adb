import {
  type PinBoardGraph,
  type PinTopics,
  type PruneReport,
  checkPruneOptions,
  graphFromBoards,
  saveCount,
  sharedInt32Array,
} from '../../engine/index.ts';
import type { DataFolder } from '../data-folder.ts';
import {
  type Database,
  type GraphCounts,
  openDatabaseReadOnly,
  readCounts,
  readNextIds,
  readPosition,
} from '../database/index.ts';
import { removeLeftovers, writeFileDurably, writeFully } from '../durable-files.ts';
import { breathe } from '../yield-to-event-loop.ts';
import { DataError } from '../errors.ts';
import { type BuildOptions, analyse, isAnalysedByDefault } from './analyse.ts';
import { snapshotFile } from './catalog.ts';
import {
  type SnapshotPruning,
  assertLittleEndian,
  bytesOf,
  fixedBytes,
  formatVersion,
  layOut,
  magic,
  sectionNames,
  sectionsOf,
  sha256Of,
  versionOf,
} from './format.ts';
import { assertTopics, prune, readTopicVectors } from './prune.ts';

/** What a build made; `saves` are those of the snapshot. */
export interface BuildReport extends GraphCounts {
  readonly version: string;
  /** Size of the snapshot file. */
  readonly bytes: number;
  readonly seconds: number;
  /** When the graph was pruned: what that did. */
  readonly pruning?: PruneReport & SnapshotPruning;
}

/** Boards whose saves are read in one go: between two of them, progress is told and a stop is heard. */
const boardsPerScan = 2 ** 16;

/**
 * Builds a snapshot of the data folder's database as it is at one moment, and puts it, whole and durable,
 * among the snapshots. Activates nothing. The same rows give the same version and the same bytes.
 *
 * The analysis is of the whole graph, which is pruned after it, when asked for.
 *
 * `now` gives milliseconds, for the report. O(saves + nodes), and the analysis after it; memory 8 bytes a
 * save and a pin, 12 a board, and what the analysis takes ({@link estimateBuild}).
 * Throws `nothing-to-build` when the database has no saves, `no-topics` and `topics-unusable` when it is to be
 * pruned and cannot be.
 */
export async function buildSnapshot(
  folder: DataFolder,
  now: () => number,
  options: BuildOptions = {},
): Promise<BuildReport> {
  const started = now();
  assertLittleEndian();
  removeLeftovers(folder.snapshots);
  if (options.prune !== undefined) checkPruneOptions(options.prune);
  const whole = await readGraph(folder, options);
  const isAnalysed = options.analysis ?? isAnalysedByDefault(whole.counts);
  const analysis = isAnalysed ? await analyse(whole.graph, whole.counts, options) : undefined;
  const pruned = options.prune && (await prune(whole, analysis?.communities, options.prune, options));
  const { graph } = pruned ?? whole;
  const counts = { ...whole.counts, saves: saveCount(graph) };
  const sections = sectionsOf(graph, analysis);
  const sha256 = Object.fromEntries(
    sectionNames.map((name) => [name, sha256Of(bytesOf(sections[name])).toString('hex')]),
  ) as Record<(typeof sectionNames)[number], string>;
  const did = { analysis: isAnalysed, ...(pruned === undefined ? {} : { prune: pruned.pruning }) };
  const { header, headerBytes, fileBytes } = layOut(counts, did, whole.position, sha256);
  const headerSha256 = sha256Of(headerBytes);
  const version = versionOf(headerSha256);

  const start = Buffer.alloc(fixedBytes);
  start.set(magic);
  start.writeUInt32LE(formatVersion, 8);
  start.writeUInt32LE(headerBytes.length, 12);
  start.set(headerSha256, 16);
  await breathe(options.signal);
  writeFileDurably(snapshotFile(folder, version), (fd) => {
    let written = 0;
    const write = (bytes: Uint8Array): void => {
      writeFully(fd, bytes);
      written += bytes.length;
    };
    write(start);
    write(headerBytes);
    for (const { name, offset } of header.sections) {
      write(Buffer.alloc(offset - written));
      write(bytesOf(sections[name]));
    }
    write(Buffer.alloc(fileBytes - written));
  });
  const report = { version, ...counts, bytes: fileBytes, seconds: (now() - started) / 1000 };
  return pruned === undefined ? report : { ...report, pruning: { ...pruned.pruning, ...pruned.report } };
}

/** Deletes what a build in a thread of this process has left, after the thread was ended in the middle of it. */
export function discardUnfinished(folder: DataFolder): void {
  removeLeftovers(folder.snapshots, true);
}

interface WholeGraph {
  readonly graph: PinBoardGraph;
  readonly counts: GraphCounts;
  readonly position: number;
  /** Topic vectors to prune by, if pins have such. */
  readonly vectors: PinTopics | undefined;
}

/** The database's saves as a graph, and what pruning needs of its pins, read in one transaction. */
async function readGraph(folder: DataFolder, options: BuildOptions): Promise<WholeGraph> {
  const database = openDatabaseReadOnly(folder);
  try {
    database?.exec('BEGIN');
    const saves = database === undefined ? 0 : readCounts(database).saves;
    if (database === undefined || saves === 0) {
      throw new DataError(
        'nothing-to-build',
        `${folder.root} holds no saves yet: import a file (pinwalk import FILE) or a sample (pinwalk sample npm)`,
      );
    }
    const counts = { ...readNextIds(database), saves };
    const vectors = options.prune && readTopicVectors(database, counts.pins);
    if (options.prune !== undefined) assertTopics(vectors, options.analysis ?? isAnalysedByDefault(counts));
    const boardToUser = sharedInt32Array(counts.boards);
    scan(database, 'SELECT collect(id, owner) FROM boards', [], (board, owner) => {
      boardToUser[board] = owner;
    });
    const boardToPin = await readBoards(database, counts, options);
    const graph = graphFromBoards(boardToPin, counts.pins, boardToUser, counts.users);
    return { graph, counts, position: readPosition(database), vectors };
  } finally {
    database?.close();
  }
}

async function readBoards(
  database: Database,
  counts: GraphCounts,
  options: BuildOptions,
): Promise<PinBoardGraph['boardToPin']> {
  const slices = sharedInt32Array(2 * counts.boards);
  const neighbors = sharedInt32Array(counts.saves);
  let edge = 0;
  const take = (board: number, pin: number): void => {
    if (slices[2 * board + 1] === 0) slices[2 * board] = edge;
    slices[2 * board + 1]!++;
    neighbors[edge++] = pin;
  };
  // NOT INDEXED: by primary key, so in order of board, then pin.
  const sql = 'SELECT collect(board, pin) FROM saves NOT INDEXED WHERE board >= ? AND board < ?';
  for (let board = 0; board < counts.boards; board += boardsPerScan) {
    scan(database, sql, [board, board + boardsPerScan], take);
    await breathe(options.signal);
    options.onProgress?.({ doing: 'reading saves', done: edge, total: counts.saves });
  }
  return { slices, neighbors };
}

/**
 * Runs a query that feeds pairs of integers to `take`. As an aggregate function, SQLite calls it with plain
 * numbers: 2 to 5 times as fast as iterating over rows, which makes an array and an object a row.
 */
function scan(
  database: Database,
  sql: string,
  bounds: readonly number[],
  take: (a: number, b: number) => void,
): void {
  database.aggregate('collect', {
    start: null,
    step: (_total: null, a: unknown, b?: unknown) => take(a as number, b as number),
    directOnly: true,
  });
  database.prepare(sql).get(...bounds);
}

import type { ContentBuildParams } from '../../engine/content/index.ts';
import {
  type PinBoardGraph,
  type PinTopics,
  createAdjacency,
  graphFromBoards,
  sharedInt32Array,
} from '../../engine/graph/index.ts';
import { type PinsSaid, readContent } from '../content/index.ts';
import type { DataFolder } from '../data-folder.ts';
import {
  type Database,
  type GraphCounts,
  type Origin,
  openDatabaseReadOnly,
  readCounts,
  readNextIds,
  asDataError,
  readOrigin,
  readPosition,
} from '../database/index.ts';
import { DataError } from '../errors.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { type BuildOptions, isAnalysed } from './build-options.ts';
import { assertTopics } from './prune.ts';
import { readTopicVectors } from './topic-vectors.ts';

/** Boards per query; between two queries, progress is reported and the signal checked. */
const boardsPerScan = 2 ** 16;

export interface WholeGraph {
  readonly graph: PinBoardGraph;
  readonly counts: GraphCounts;
  readonly position: number;
  readonly origin: Origin;
  /** Topic vectors of the pins, read only for pruning. */
  readonly vectors: PinTopics | undefined;
  /** What pins say, with their vectors, read only for content. */
  readonly said: PinsSaid | undefined;
}

/**
 * Reads the saves of the database as a graph, the topic vectors for pruning and the texts, in one transaction. Throws
 * `nothing-to-build` if there are no saves, and `no-topics` and `topics-unusable` if the graph cannot be pruned.
 */
export async function graphFromDatabase(folder: DataFolder, options: BuildOptions): Promise<WholeGraph> {
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
    if (options.prune !== undefined) assertTopics(vectors, isAnalysed(counts, options));
    const boardToUser = sharedInt32Array(counts.boards);
    scan(database, 'SELECT collect(id, owner) FROM boards', [], (board, owner) => {
      boardToUser[board] = owner;
    });
    const origin = readOrigin(database);
    const boardToPin =
      options.saves?.origin.id === origin.id && options.saves.origin.mark === origin.mark
        ? options.saves.boardToPin
        : await readBoards(database, counts, options);
    const graph = graphFromBoards(boardToPin, counts.pins, boardToUser, counts.users);
    const said = options.content && (await readSaid(database, graph, options.content, options));
    return { graph, counts, position: readPosition(database), origin, vectors, said };
  } catch (error) {
    throw asDataError(folder, error);
  } finally {
    database?.close();
  }
}

async function readSaid(
  database: Database,
  graph: PinBoardGraph,
  params: ContentBuildParams,
  { signal, onProgress }: BuildOptions,
): Promise<PinsSaid | undefined> {
  return readContent(database, graph, params, signal, (done, total) =>
    onProgress?.({ doing: 'reading texts', done, total }),
  );
}

async function readBoards(
  database: Database,
  counts: GraphCounts,
  { signal, onProgress }: BuildOptions,
): Promise<PinBoardGraph['boardToPin']> {
  const boardToPin = createAdjacency(counts.boards, counts.saves);
  const { slices, neighbors } = boardToPin;
  let edge = 0;
  const addSave = (board: number, pin: number): void => {
    if (slices[2 * board + 1] === 0) slices[2 * board] = edge;
    slices[2 * board + 1]!++;
    neighbors[edge++] = pin;
  };
  // NOT INDEXED scans the primary key, so saves come ordered by board, then pin.
  const sql = 'SELECT collect(board, pin) FROM saves NOT INDEXED WHERE board >= ? AND board < ?';
  for (let board = 0; board < counts.boards; board += boardsPerScan) {
    scan(database, sql, [board, board + boardsPerScan], addSave);
    await yieldToEventLoop(signal);
    onProgress?.({ doing: 'reading saves', done: edge, total: counts.saves });
  }
  return boardToPin;
}

/**
 * Runs a query that passes pairs of integers to `onPair`. As an aggregate function, SQLite calls it with plain numbers:
 * 2 to 5 times as fast as iterating over rows, which allocates an array and an object per row.
 */
function scan(
  database: Database,
  sql: string,
  bounds: readonly number[],
  onPair: (a: number, b: number) => void,
): void {
  database.aggregate('collect', {
    start: null,
    step: (_total: null, a: unknown, b?: unknown) => onPair(a as number, b as number),
    directOnly: true,
  });
  database.prepare(sql).get(...bounds);
}

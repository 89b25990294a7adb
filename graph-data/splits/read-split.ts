import { existsSync } from 'node:fs';
import {
  type PinBoardGraph,
  type SaveSplit,
  buildGraph,
  neighborsOf,
  withTimes,
} from '../../engine/index.ts';
import { DataError } from '../errors.ts';
import {
  type Columns,
  Numbering,
  type ReadGraphOptions,
  type SplitNames,
  namesIn,
  noSaves,
  ownBoards,
  readColumns,
  readTimedSaves,
} from './read-timed-saves.ts';

/** A split that was read: what is known, and what is to be found. */
interface Split extends SaveSplit {
  /** Held-out saves that were dropped, as the train part has them too. */
  readonly droppedSaves: number;
  readonly names: SplitNames;
}

/**
 * Reads a split into memory: each board (each user, in files without boards) of the train file, its pins, and the
 * pins of the test file that it should be recommended. Test boards that are not in train keep their numbers but
 * have no pins to start from, and test pins that are not in train
 * have numbers past its own: nothing can find them. Memory some 70 bytes a save while reading. Throws `split-unusable`.
 */
export async function readSplit(train: string, test: string, options: ReadGraphOptions = {}): Promise<Split> {
  // Told before the train part is read, which takes a while.
  if (!existsSync(test)) {
    throw new DataError('import-file-unreadable', `cannot read ${test}: there is no such file`);
  }
  const boards = new Numbering();
  const pins = new Numbering();
  const trainPairs = await readColumns(train, options, boards, pins);
  const pinCount = pins.size;
  const graph = graphOf(trainPairs, boards.size, pinCount);
  const testPairs = await readColumns(test, options, boards, pins);
  if (trainPairs.boards.length === 0) throw noSaves(train, options);
  if (testPairs.boards.length === 0) throw noSaves(test, options);

  const isNew = testPairs.boards.map((board, i) => {
    const saved = board < graph.userCount ? neighborsOf(graph.boardToPin, board) : new Int32Array(0);
    return Number(!saved.includes(testPairs.pins[i]!));
  });
  const kept = {
    boards: testPairs.boards.filter((_, i) => isNew[i]),
    pins: testPairs.pins.filter((_, i) => isNew[i]),
  };
  const heldOut = graphOf(kept, boards.size, pins.size).boardToPin;
  const { boards: knownBoards, pins: knownPins, savedAt } = trainPairs;
  const split = withTimes(
    { train: graph, heldOut },
    {
      boards: Int32Array.from(knownBoards),
      pins: Int32Array.from(knownPins),
      savedAt: Float64Array.from(savedAt),
    },
  );
  return {
    ...split,
    droppedSaves: testPairs.boards.length - kept.boards.length,
    names: namesIn(boards, pins),
  };
}

/** Reads one file as a graph: to cut a split of our own from it. Throws `split-unusable`. */
export async function readGraph(file: string, options: ReadGraphOptions = {}): Promise<PinBoardGraph> {
  return buildGraph(await readTimedSaves(file, options));
}

/** Each board stands for a user. */
function graphOf(
  { boards, pins }: Pick<Columns, 'boards' | 'pins'>,
  boardCount: number,
  pinCount: number,
): PinBoardGraph {
  return buildGraph({
    boards: Int32Array.from(boards),
    pins: Int32Array.from(pins),
    pinCount,
    boardToUser: ownBoards(boardCount),
    userCount: boardCount,
  });
}

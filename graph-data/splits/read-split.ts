import {
  type PinBoardGraph,
  type SaveSplit,
  buildGraph,
  neighborsOf,
  withTimes,
} from '../../engine/index.ts';
import { assertFile } from '../import/index.ts';
import { Numbering, type SplitNames, inKeyOrder, namesIn } from './numbering.ts';
import {
  type ReadColumnsOptions,
  type SaveColumns,
  assertSaves,
  ownBoards,
  readColumns,
  renumbered,
} from './read-columns.ts';

interface Split extends SaveSplit {
  /** Number of held-out saves dropped because the train part contains them. */
  readonly droppedSaves: number;
  readonly names: SplitNames;
}

/**
 * Reads a split: the graph of the train file, and for each board (each user, in files without boards) the pins of the
 * test file, which are to be recommended. Boards only in the test file have no pins to start from; pins only in the test
 * file have indexes beyond the graph and cannot be found. Numbers and repeated saves as in {@link readTimedSaves}. Needs
 * about 80 bytes of memory per save while reading. Throws `split-unusable` and `import-file-unreadable`.
 */
export async function readSplit(
  train: string,
  test: string,
  options: ReadColumnsOptions = {},
): Promise<Split> {
  // Fails before the train part is read, which takes a while.
  assertFile(test);
  const boards = new Numbering();
  const pins = new Numbering();
  const trainRead = await readColumns(train, options, boards, pins);
  const testRead = await readColumns(test, options, boards, pins);
  assertSaves(trainRead, train, options);
  assertSaves(testRead, test, options);

  const boardOrder = inKeyOrder(boards.byKey(), trainRead.boards, testRead.boards);
  const pinOrder = inKeyOrder(pins.byKey(), trainRead.pins, testRead.pins);
  const trainSaves = renumbered(trainRead, boardOrder, pinOrder);
  const testSaves = renumbered(testRead, boardOrder, pinOrder);
  const graph = graphOf(trainSaves, boardOrder.upTo[0]!, pinOrder.upTo[0]!);
  const isNew = testSaves.boards.map((board, i) => {
    const saved = board < graph.userCount ? neighborsOf(graph.boardToPin, board) : new Int32Array(0);
    return Number(!saved.includes(testSaves.pins[i]!));
  });
  const kept = {
    boards: testSaves.boards.filter((_, i) => isNew[i]),
    pins: testSaves.pins.filter((_, i) => isNew[i]),
  };
  const heldOut = graphOf(kept, boardOrder.upTo[1]!, pinOrder.upTo[1]!).boardToPin;
  return {
    ...withTimes({ train: graph, heldOut }, trainSaves),
    droppedSaves: testSaves.boards.length - kept.boards.length,
    names: namesIn([boards, boardOrder], [pins, pinOrder]),
  };
}

function graphOf(
  { boards, pins }: Pick<SaveColumns, 'boards' | 'pins'>,
  boardCount: number,
  pinCount: number,
): PinBoardGraph {
  return buildGraph({
    boards,
    pins,
    pinCount,
    boardToUser: ownBoards(boardCount),
    userCount: boardCount,
  });
}

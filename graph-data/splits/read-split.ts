import { type PinBoardGraph, buildGraph, neighborsOf, nodeCount } from '../../engine/graph/index.ts';
import { type SaveSplit, firstTimes, withTimes } from '../../engine/splits/index.ts';
import { assertFile } from '../import/index.ts';
import type { SplitNames } from './numbering.ts';
import {
  type ReadColumnsOptions,
  type SaveColumns,
  assertSaves,
  readColumns,
  renumbered,
} from './read-columns.ts';
import { SplitKeys } from './split-keys.ts';

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
  const keys = new SplitKeys();
  const trainRead = await readColumns(train, options, keys);
  const testRead = await readColumns(test, options, keys);
  assertSaves(trainRead, train, options);
  assertSaves(testRead, test, options);

  const ordered = keys.ordered(trainRead, testRead);
  const trainSaves = renumbered(trainRead, ordered.boards, ordered.pins);
  const testSaves = renumbered(testRead, ordered.boards, ordered.pins);
  const graph = graphOf(trainSaves, ordered, 0);
  const isNew = testSaves.boards.map((board, i) => {
    const isKnown = board < nodeCount(graph.boardToPin);
    return Number(!(isKnown && neighborsOf(graph.boardToPin, board).includes(testSaves.pins[i]!)));
  });
  const kept = {
    boards: testSaves.boards.filter((_, i) => isNew[i]),
    pins: testSaves.pins.filter((_, i) => isNew[i]),
    savedAt: testSaves.savedAt.filter((_, i) => isNew[i]),
  };
  const heldOut = graphOf(kept, ordered, 1).boardToPin;
  return {
    ...withTimes({ train: graph, heldOut, heldOutFrom: firstTimes(kept, nodeCount(heldOut)) }, trainSaves),
    droppedSaves: testSaves.boards.length - kept.boards.length,
    names: ordered.names,
  };
}

/** The graph of saves whose nodes are in the parts up to `part`. */
function graphOf(
  saves: Pick<SaveColumns, 'boards' | 'pins'>,
  { boards, pins, users, boardToUser }: ReturnType<SplitKeys['ordered']>,
  part: number,
): PinBoardGraph {
  return buildGraph({
    boards: saves.boards,
    pins: saves.pins,
    pinCount: pins.upTo[part]!,
    boardToUser: boardToUser.subarray(0, boards.upTo[part]),
    userCount: users.upTo[part]!,
  });
}

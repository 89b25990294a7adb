import { type PinBoardGraph, type TimedSaves, buildGraph } from '../../engine/index.ts';
import { Numbering, type SplitNames, inKeyOrder, namesIn } from './numbering.ts';
import { type ReadColumnsOptions, assertSaves, ownBoards, readColumns, renumbered } from './read-columns.ts';

interface NamedSaves extends TimedSaves {
  readonly names: SplitNames;
}

/**
 * Reads a file of saves, to be split. Each board (each user, in files without boards) stands for a user. Of repeated
 * saves, the same one counts as in an import. Boards and pins are numbered in the order of their keys, so the order of
 * rows changes nothing but the order of the saves. Needs about 80 bytes of memory per save while reading. Throws
 * `split-unusable`.
 */
export async function readTimedSaves(file: string, options: ReadColumnsOptions = {}): Promise<NamedSaves> {
  const [boards, pins] = [new Numbering(), new Numbering()];
  const read = await readColumns(file, options, boards, pins);
  assertSaves(read, file, options);
  const boardOrder = inKeyOrder(boards.byKey(), read.boards);
  const pinOrder = inKeyOrder(pins.byKey(), read.pins);
  const boardCount = boardOrder.before.length;
  return {
    ...renumbered(read, boardOrder, pinOrder),
    pinCount: pinOrder.before.length,
    boardToUser: ownBoards(boardCount),
    userCount: boardCount,
    names: namesIn([boards, boardOrder], [pins, pinOrder]),
  };
}

/** {@link readTimedSaves} as a graph. */
export async function readGraph(file: string, options: ReadColumnsOptions = {}): Promise<PinBoardGraph> {
  return buildGraph(await readTimedSaves(file, options));
}

import { type PinBoardGraph, type TimedSaves, buildGraph } from '../../engine/index.ts';
import { Numbering, type SplitNames, namesIn } from './numbering.ts';
import { type ReadColumnsOptions, assertSaves, ownBoards, readColumns } from './read-columns.ts';

interface NamedSaves extends TimedSaves {
  readonly names: SplitNames;
}

/**
 * Reads a file of saves, to be split. Each board (each user, in files without boards) stands for a user; of repeated
 * saves, the first counts. Needs about 70 bytes of memory per save while reading. Throws `split-unusable`.
 */
export async function readTimedSaves(file: string, options: ReadColumnsOptions = {}): Promise<NamedSaves> {
  const [boards, pins] = [new Numbering(), new Numbering()];
  const columns = await readColumns(file, options, boards, pins);
  assertSaves(columns, file, options);
  return {
    ...columns,
    pinCount: pins.size,
    boardToUser: ownBoards(boards.size),
    userCount: boards.size,
    names: namesIn(boards, pins),
  };
}

/** {@link readTimedSaves} as a graph. */
export async function readGraph(file: string, options: ReadColumnsOptions = {}): Promise<PinBoardGraph> {
  return buildGraph(await readTimedSaves(file, options));
}

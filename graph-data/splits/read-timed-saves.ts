import { type PinBoardGraph, buildGraph } from '../../engine/graph/index.ts';
import type { TimedSaves } from '../../engine/splits/index.ts';
import type { SplitNames } from './numbering.ts';
import { type ReadColumnsOptions, assertSaves, readColumns, renumbered } from './read-columns.ts';
import { SplitKeys } from './split-keys.ts';

interface NamedSaves extends TimedSaves {
  readonly names: SplitNames;
}

/**
 * Reads a file of saves, to be split. In a file without boards, each user has one. Of repeated saves, the same one
 * counts as in an import. Users, boards and pins are numbered in the order of their keys, so the order of
 * rows changes nothing but the order of the saves. Needs about 80 bytes of memory per save while reading. Throws
 * `split-unusable`.
 */
export async function readTimedSaves(file: string, options: ReadColumnsOptions = {}): Promise<NamedSaves> {
  const keys = new SplitKeys();
  const read = await readColumns(file, options, keys);
  assertSaves(read, file, options);
  const { boards, pins, users, boardToUser, names } = keys.ordered(read);
  return {
    ...renumbered(read, boards, pins),
    pinCount: pins.before.length,
    boardToUser,
    userCount: users.before.length,
    names,
  };
}

/** {@link readTimedSaves} as a graph. */
export async function readGraph(file: string, options: ReadColumnsOptions = {}): Promise<PinBoardGraph> {
  return buildGraph(await readTimedSaves(file, options));
}

import {
  type PinBoardGraph,
  type SaveSplit,
  buildGraph,
  neighborsOf,
  sharedInt32Array,
} from '../../engine/index.ts';
import { DataError } from '../errors.ts';
import { KeyTable, type ReadSavesOptions, type SaveRow, readSaves } from '../import/index.ts';

/** A split that was read: what is known, and what is to be found. */
export interface Split extends SaveSplit {
  /** Held-out saves that were dropped, as the train part has them too. */
  readonly droppedSaves: number;
}

/**
 * Reads a split into memory: each board (each user, in files without boards) of the train file, its pins, and the
 * pins of the test file that it should be recommended. Test boards that are not in train keep their numbers but
 * have no pins to start from, and test pins that are not in train
 * have numbers past its own: nothing can find them. Memory some 60 bytes a save while reading. Throws `split-unusable`.
 */
export async function readSplit(train: string, test: string, options: ReadSavesOptions = {}): Promise<Split> {
  const boards = new Numbering();
  const pins = new Numbering();
  const trainPairs = await readPairs(train, options, boards, pins);
  const pinCount = pins.size;
  const graph = graphOf(trainPairs, boards.size, pinCount);
  const testPairs = await readPairs(test, options, boards, pins);
  if (trainPairs.boards.length === 0) throw new DataError('split-unusable', `${train} holds no saves`);
  if (testPairs.boards.length === 0) throw new DataError('split-unusable', `${test} holds no saves`);

  const isNew = testPairs.boards.map((board, i) => {
    const saved = board < graph.userCount ? neighborsOf(graph.boardToPin, board) : new Int32Array(0);
    return Number(!saved.includes(testPairs.pins[i]!));
  });
  const kept = {
    boards: testPairs.boards.filter((_, i) => isNew[i]),
    pins: testPairs.pins.filter((_, i) => isNew[i]),
  };
  const heldOut = graphOf(kept, boards.size, pins.size).boardToPin;
  return { train: graph, heldOut, droppedSaves: testPairs.boards.length - kept.boards.length };
}

export interface ReadGraphOptions extends ReadSavesOptions {
  /** Which rows to take; all of them by default. */
  readonly keep?: (row: SaveRow) => boolean;
}

/** Reads one file as a graph: to cut a split of our own from it. Throws `split-unusable`. */
export async function readGraph(file: string, options: ReadGraphOptions = {}): Promise<PinBoardGraph> {
  const [boards, pins] = [new Numbering(), new Numbering()];
  const pairs = await readPairs(file, options, boards, pins);
  if (pairs.boards.length === 0) throw new DataError('split-unusable', `${file} holds no saves`);
  return graphOf(pairs, boards.size, pins.size);
}

interface Pairs {
  readonly boards: number[];
  readonly pins: number[];
}

async function readPairs(
  file: string,
  options: ReadGraphOptions,
  boardNumbers: Numbering,
  pinNumbers: Numbering,
): Promise<Pairs> {
  const pairs: Pairs = { boards: [], pins: [] };
  const seen = new KeyTable();
  for await (const row of readSaves(file, options)) {
    if (options.keep?.(row) === false) continue;
    const { board, pin } = row;
    const [boardNumber, pinNumber] = [boardNumbers.of(board), pinNumbers.of(pin)];
    const pair = `${boardNumber} ${pinNumber}`;
    if (seen.get(pair) >= 0) continue;
    seen.add(pair, 0);
    pairs.boards.push(boardNumber);
    pairs.pins.push(pinNumber);
  }
  return pairs;
}

/** Each board stands for a user. */
function graphOf({ boards, pins }: Pairs, boardCount: number, pinCount: number): PinBoardGraph {
  const boardToUser = sharedInt32Array(boardCount);
  for (let board = 0; board < boardCount; board++) boardToUser[board] = board;
  return buildGraph({
    boards: Int32Array.from(boards),
    pins: Int32Array.from(pins),
    pinCount,
    boardToUser,
    userCount: boardCount,
  });
}

/** Keys numbered from 0 as they come. */
class Numbering {
  readonly #numbers = new KeyTable();
  size = 0;

  of(key: string): number {
    const known = this.#numbers.get(key);
    if (known >= 0) return known;
    this.#numbers.add(key, this.size);
    return this.size++;
  }
}

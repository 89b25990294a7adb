import type { ContentBuildParams } from '../../engine/content/index.ts';
import { type PinBoardGraph, neighborsOf, nodeCount } from '../../engine/graph/index.ts';
import { type SparseRows, TermCounter } from '../../engine/text/index.ts';
import type { Database } from '../database/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import { eachPinText, termsOf, wordsOf } from './pin-text.ts';
import { type PinVectors, readVectors } from './pin-vectors.ts';

/** TF-IDF rows of the pins of a graph, and the words of their columns. */
export interface ContentRows {
  readonly rows: SparseRows;
  readonly words: readonly string[];
}

/** The inputs of a build's comparison: texts, where two pins share a word, and vectors. */
export interface PinsSaid {
  readonly texts: ContentRows | undefined;
  readonly vectors: readonly PinVectors[];
}

/** Words of fewer pins connect nothing. */
const documentsMin = 2;
/** Distinct words of a pin that count: the first ones. */
const distinctMax = 256;
const pinsPerScan = 2 ** 14;

/**
 * Reads the texts of pins, with the titles of the boards that hold them, and their vectors; undefined where
 * there is neither. To be called in the transaction in which the graph was read. O(text + vectors); 8 bytes for
 * each different word of a pin.
 */
export async function readContent(
  database: Database,
  graph: PinBoardGraph,
  params: ContentBuildParams,
  signal: AbortSignal | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<PinsSaid | undefined> {
  const texts = await readTexts(database, graph, params, signal, onProgress);
  const vectors = readVectors(database);
  return texts === undefined && vectors.length === 0 ? undefined : { texts, vectors };
}

/** Undefined where no two pins share a word. */
async function readTexts(
  database: Database,
  { pinToBoard, boardToPin }: PinBoardGraph,
  { wordsMax, boardTitles }: ContentBuildParams,
  signal: AbortSignal | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<ContentRows | undefined> {
  const counter = new TermCounter();
  const titles = boardTitles === 0 ? [] : readTitles(database, nodeCount(boardToPin), counter);
  const pinCount = nodeCount(pinToBoard);
  let next = 0;
  let isWritten = false;
  function* withTitles(pin: number, own: Iterable<number>): Generator<number> {
    yield* own;
    if (titles.length === 0) return;
    for (const board of neighborsOf(pinToBoard, pin).subarray(0, boardTitles)) yield* titles[board] ?? [];
  }
  const add = (pin: number, ids: Iterable<number>): void => {
    for (; next < pin; next++) counter.add(withTitles(next, []), distinctMax);
    counter.add(withTitles(next++, ids), distinctMax);
  };
  for (let from = 0; from < pinCount; from += pinsPerScan) {
    eachPinText(database, from, Math.min(from + pinsPerScan, pinCount), (pin, text) => {
      const ids = counter.idsOf(termsOf(text));
      isWritten ||= ids.length > 0;
      add(pin, ids);
    });
    await yieldToEventLoop(signal);
    onProgress(Math.min(from + pinsPerScan, pinCount), pinCount);
  }
  if (!isWritten) return undefined;
  if (next < pinCount) add(pinCount - 1, []);
  const counted = counter.finish({ documentsMin, termsMax: wordsMax });
  return counted.words.length === 0 ? undefined : counted;
}

/** The terms of each board's title. */
function readTitles(
  database: Database,
  boardCount: number,
  counter: TermCounter,
): (Int32Array | undefined)[] {
  const titled = database
    .prepare<[], [number, string]>('SELECT id, title FROM boards WHERE title IS NOT NULL')
    .raw();
  const titles: (Int32Array | undefined)[] = [];
  for (const [board, title] of titled.iterate()) {
    if (titles.length === 0) titles.length = boardCount;
    titles[board] = counter.idsOf(wordsOf(title));
  }
  return titles;
}

import {
  type ContentBuildParams,
  type PinContent,
  type WordList,
  PinLists,
  linkWeights,
  linksBySource,
  sizedNeighbors,
} from '../../engine/content/index.ts';
import {
  type PinBoardGraph,
  degreeOf,
  nodeCount,
  sharedFloat32Array,
  sharedInt32Array,
} from '../../engine/graph/index.ts';
import type { ScoredPin } from '../../engine/rank/index.ts';
import { NearestRows } from '../../engine/text/index.ts';
import { yieldToEventLoop } from '../yield-to-event-loop.ts';
import type { ContentRows, PinsSaid } from './read-content.ts';
import { mergedLinks, vectorLinks } from './vector-links.ts';

/** Entries that the search for one pin's neighbors reads at most: about 0.1 ms. */
export const lookupsMax = 50_000;
/** Pins without saves among the neighbors: for queries of such pins. */
export const unsavedMax = 20;
/** Pins between two looks at the signal. */
const pinsPerLook = 64;

/** The nearest pins of every pin with few saves. Equal rows and parameters give equal bytes. O(pins · `lookupsMax`). */
export async function computeContent(
  graph: PinBoardGraph,
  { texts, vectors }: PinsSaid,
  params: ContentBuildParams,
  signal: AbortSignal | undefined,
  onProgress: (done: number, total: number) => void,
): Promise<PinContent> {
  const { pinToBoard } = graph;
  const pinCount = nodeCount(pinToBoard);
  const { rows, words } = texts ?? noTexts(pinCount);
  const isFew = (pin: number): boolean => degreeOf(pinToBoard, pin) <= params.savesMax;
  const hasVectors = new Set(vectors.flatMap(({ pins }) => [...pins]));
  const isSaved = (pin: number): boolean => degreeOf(pinToBoard, pin) > 0;
  const targets = Array.from({ length: pinCount }, (_, pin) => pin).filter(
    (pin) => isFew(pin) && (hasVectors.has(pin) || rows.starts[pin + 1]! > rows.starts[pin]!),
  );
  const count = sizedNeighbors(params, targets.length);
  const search = new NearestRows(rows, lookupsMax);
  const lists = new PinLists();
  const byVectors = new Map<number, ScoredPin[][]>();
  for (const named of vectors) {
    const size = { neighborsMax: count, prior: params.prior, unsavedMax };
    const onLinks = (pin: number, near: readonly ScoredPin[]): void => {
      byVectors.set(pin, [...(byVectors.get(pin) ?? []), [...near]]);
    };
    for (const done of vectorLinks(graph, named, isFew, size, onLinks)) {
      await yieldToEventLoop(signal);
      onProgress(done, named.pins.length);
    }
  }
  for (const [i, pin] of targets.entries()) {
    search.compareRow(pin);
    const saved = search.best(count, (other) => other !== pin && isSaved(other));
    const unsaved = search.best(unsavedMax, (other) => other !== pin && !isSaved(other));
    const ofWords = linkWeights(saved, params.prior, unsaved);
    const kinds = [...(ofWords.length > 0 ? [ofWords] : []), ...(byVectors.get(pin) ?? [])];
    if (kinds.length > 0) lists.add(pin, mergedLinks(kinds, count + unsavedMax));
    if (i % pinsPerLook !== 0) continue;
    await yieldToEventLoop(signal);
    onProgress(i, targets.length);
  }
  const near = lists.finish(pinCount);
  return { words: wordList(words), rows: sharedRows(rows), near, links: linksBySource(near) };
}

/** Of pins that say nothing. */
function noTexts(pinCount: number): ContentRows {
  const none = { columns: new Int32Array(0), values: new Float64Array(0), columnCount: 0 };
  return { rows: { starts: new Int32Array(pinCount + 1), ...none }, words: [] };
}

function sharedRows({ starts, columns, values, columnCount }: ContentRows['rows']): PinContent['rows'] {
  const shared = {
    starts: sharedInt32Array(starts.length),
    columns: sharedInt32Array(columns.length),
    values: sharedFloat32Array(values.length),
    columnCount,
  };
  shared.starts.set(starts);
  shared.columns.set(columns);
  shared.values.set(values);
  return shared;
}

/** Padded with zeros to whole 32-bit words, as sections of a snapshot are. */
function wordList(words: readonly string[]): WordList {
  const encoder = new TextEncoder();
  const parts = words.map((word) => encoder.encode(word));
  const starts = sharedInt32Array(words.length + 1);
  for (const [i, part] of parts.entries()) starts[i + 1] = starts[i]! + part.length;
  const bytes = new Uint8Array(new SharedArrayBuffer(4 * Math.ceil(starts.at(-1)! / 4)));
  for (const [i, part] of parts.entries()) bytes.set(part, starts[i]);
  return { starts, bytes };
}

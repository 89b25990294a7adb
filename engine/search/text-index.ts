import type { SignalWeights } from './signal-weights.ts';

/** The text fields of a pin. Each has a weight of its own. */
export const textFields = ['title', 'tags', 'text', 'boards'] as const;
export type TextField = (typeof textFields)[number];

/** Directions of meaning by term and by pin, from {@link wordVectors}. */
export interface WordVectors {
  readonly dims: number;
  /** Of each term, multiplied by its rarity: a text lies at the sum of its terms. */
  readonly terms: Float32Array<SharedArrayBuffer>;
  /** Of each pin, with the largest coordinate at ±127; zeros for a pin without words. */
  readonly pins: Int8Array<SharedArrayBuffer>;
  /** 1 / length of each pin's vector; 0 for a pin without words. */
  readonly scales: Float32Array<SharedArrayBuffer>;
}

/**
 * An inverted index of the texts of pins, in shared arrays. Words that share a stem are one term. The pins of term t
 * are `pins[starts[t] .. starts[t + 1])`, ascending, and `weights` says how much of BM25F each has of it.
 */
export interface TextIndex {
  readonly pinCount: number;
  /** Pins with at least one word. */
  readonly describedCount: number;
  /** Words by the order of their UTF-8 bytes: word w is `wordBytes[wordStarts[w] .. wordStarts[w + 1])`. */
  readonly wordStarts: Int32Array<SharedArrayBuffer>;
  readonly wordBytes: Uint8Array<SharedArrayBuffer>;
  readonly termOfWord: Int32Array<SharedArrayBuffer>;
  readonly starts: Int32Array<SharedArrayBuffer>;
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer>;
  /** Undefined where too few pins have words, or related ones count nothing. */
  readonly vectors: WordVectors | undefined;
  /** Weights that find most in this corpus; undefined where nothing tells. */
  readonly signalWeights?: SignalWeights | undefined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function wordCount(index: TextIndex): number {
  return index.termOfWord.length;
}

export function indexedWord({ wordStarts, wordBytes }: TextIndex, word: number): string {
  let text = '';
  for (let at = wordStarts[word]!; at < wordStarts[word + 1]!; at++) {
    const byte = wordBytes[at]!;
    // A decoder takes no shared memory, and longer than this loop.
    if (byte >= 0x80) return decoder.decode(wordBytes.slice(wordStarts[word], wordStarts[word + 1]));
    text += String.fromCharCode(byte);
  }
  return text;
}

/** The first word that is not before a text; the number of words if all are. O(log words). */
export function firstWordFrom(index: TextIndex, text: string): number {
  const bytes = encoder.encode(text);
  let [low, high] = [0, wordCount(index)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWord(index, middle, bytes) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of a word; -1 if no pin has it. O(log words). */
export function findWord(index: TextIndex, text: string): number {
  const word = firstWordFrom(index, text);
  return word < wordCount(index) && compareWord(index, word, encoder.encode(text)) === 0 ? word : -1;
}

/** Number of pins that have a term. */
export function pinsOfTerm({ starts }: TextIndex, term: number): number {
  return starts[term + 1]! - starts[term]!;
}

function compareWord({ wordStarts, wordBytes }: TextIndex, word: number, bytes: Uint8Array): number {
  const start = wordStarts[word]!;
  const length = wordStarts[word + 1]! - start;
  const common = Math.min(length, bytes.length);
  for (let i = 0; i < common; i++) {
    const difference = wordBytes[start + i]! - bytes[i]!;
    if (difference !== 0) return difference;
  }
  return length - bytes.length;
}

import { sharedFloat32Array, sharedInt32Array } from '../graph/index.ts';
import { type TextField, type TextIndex, textFields } from './text-index.ts';
import { wordVectors } from './word-vectors.ts';

/**
 * BM25F (Robertson, Zaragoza and Taylor 2004, doi:10.1145/1031171.1031181): how fast a repeated word saturates, how much a
 * word counts by field, and how much a long field takes from each of its words. Titles of boards are what many people call a
 * pin, so a pin on many boards has many of them: there, the share of titles with the word counts more than their number.
 */
const saturation = 1.5;
const fieldWeights: Readonly<Record<TextField, number>> = { title: 4, tags: 3, text: 1, boards: 2 };
const lengthShares: Readonly<Record<TextField, number>> = {
  title: 0.75,
  tags: 0.5,
  text: 0.75,
  boards: 0.75,
};
const encoder = new TextEncoder();
/** Counts of one field fit into a byte. */
const countMax = 255;
/** Different words of all pins; further ones are not indexed. */
const wordsDefault = 2_000_000;

/** The terms of one field of a pin, and how often it has each: any number of times. */
type TermCounts = Iterable<readonly [term: number, count: number]>;

/**
 * Makes a {@link TextIndex}. Pins are added in ascending order, with terms from {@link termsOf}. Words with one stem are one
 * term. Memory: 8 bytes for each different term of each pin.
 */
export class TextIndexBuilder {
  readonly #stem: (word: string) => string;
  readonly #wordsMax: number;
  readonly #termOfWord = new Map<string, number>();
  readonly #termOfStem = new Map<string, number>();
  readonly #starts: number[] = [];
  readonly #pins: number[] = [];
  readonly #lengths: Record<TextField, number>[] = [];
  /** Of the entries in use: terms, and counts by field, a byte each. */
  #terms = new Int32Array(1024);
  #counts = new Uint32Array(1024);
  #size = 0;

  /** `stem` gives one text for all forms of a word. */
  constructor(stem: (word: string) => string, wordsMax: number = wordsDefault) {
    this.#stem = stem;
    this.#wordsMax = wordsMax;
  }

  /** Entries so far: different terms, summed over pins. */
  get size(): number {
    return this.#size;
  }

  /** The terms of words, repeats included. */
  termsOf(words: Iterable<string>): number[] {
    const terms: number[] = [];
    for (const word of words) {
      const term = this.#termOf(word);
      if (term !== undefined) terms.push(term);
    }
    return terms;
  }

  /** Adds a pin after all smaller ones. A pin without terms takes no room. */
  add(pin: number, fields: Readonly<Partial<Record<TextField, TermCounts>>>): void {
    const entryOf = new Map<number, number>();
    const lengths = { title: 0, tags: 0, text: 0, boards: 0 };
    const start = this.#size;
    for (const [i, field] of textFields.entries()) {
      for (const [term, count] of fields[field] ?? []) {
        let entry = entryOf.get(term);
        if (entry === undefined) {
          entry = this.#append(term);
          entryOf.set(term, entry);
        }
        const before = (this.#counts[entry]! >>> (8 * i)) & countMax;
        const added = Math.min(countMax - before, count);
        this.#counts[entry]! += added * 2 ** (8 * i);
        lengths[field] += added;
      }
    }
    if (this.#size === start) return;
    this.#pins.push(pin);
    this.#starts.push(start);
    this.#lengths.push(lengths);
  }

  /** The index of pins in [0, pinCount), with or without directions of related words. Seeded. O(entries · dims), or O(entries) without. */
  finish(pinCount: number, randomSeed: number, hasVectors = true): TextIndex {
    const terms = this.#terms.subarray(0, this.#size);
    const termCount = this.#termOfStem.size;
    const starts = sharedInt32Array(termCount + 1);
    for (const term of terms) starts[term + 1]!++;
    for (let term = 0; term < termCount; term++) starts[term + 1]! += starts[term]!;
    const described = {
      pins: this.#pins,
      starts: [...this.#starts, this.#size],
      terms,
      counts: this.#counts,
    };
    return {
      pinCount,
      describedCount: this.#pins.length,
      ...this.#sortedWords(),
      starts,
      ...this.#postings(starts),
      vectors: hasVectors ? wordVectors(described, starts, pinCount, randomSeed) : undefined,
    };
  }

  #postings(starts: Int32Array): Pick<TextIndex, 'pins' | 'weights'> {
    const next = Int32Array.from(starts);
    const pins = sharedInt32Array(this.#size);
    const weights = sharedFloat32Array(this.#size);
    const described = this.#pins.length;
    const average = (field: TextField): number =>
      this.#lengths.reduce((sum, lengths) => sum + lengths[field], 0) / Math.max(1, described);
    const averages = textFields.map(average);
    for (const [i, pin] of this.#pins.entries()) {
      const factors = textFields.map((field, f) => {
        const share = lengthShares[field];
        const relative = this.#lengths[i]![field] / Math.max(averages[f]!, Number.MIN_VALUE);
        return fieldWeights[field] / (1 - share + share * relative);
      });
      for (let entry = this.#starts[i]!; entry < (this.#starts[i + 1] ?? this.#size); entry++) {
        const term = this.#terms[entry]!;
        const holders = starts[term + 1]! - starts[term]!;
        const rarity = Math.log(1 + (described - holders + 0.5) / (holders + 0.5));
        const count = weightedCount(this.#counts[entry]!, factors);
        const place = next[term]!++;
        pins[place] = pin;
        weights[place] = (rarity * count * (saturation + 1)) / (count + saturation);
      }
    }
    return { pins, weights };
  }

  #sortedWords(): Pick<TextIndex, 'wordStarts' | 'wordBytes' | 'termOfWord'> {
    const words = [...this.#termOfWord].map(([word, term]) => ({ bytes: encoder.encode(word), term }));
    words.sort((a, b) => compareBytes(a.bytes, b.bytes));
    const wordStarts = sharedInt32Array(words.length + 1);
    for (const [i, { bytes }] of words.entries()) wordStarts[i + 1] = wordStarts[i]! + bytes.length;
    const wordBytes = new Uint8Array(new SharedArrayBuffer(wordStarts.at(-1)!));
    const termOfWord = sharedInt32Array(words.length);
    for (const [i, { bytes, term }] of words.entries()) {
      wordBytes.set(bytes, wordStarts[i]);
      termOfWord[i] = term;
    }
    return { wordStarts, wordBytes, termOfWord };
  }

  #termOf(word: string): number | undefined {
    const known = this.#termOfWord.get(word);
    if (known !== undefined || this.#termOfWord.size >= this.#wordsMax) return known;
    const stem = this.#stem(word);
    const term = this.#termOfStem.get(stem) ?? this.#termOfStem.size;
    this.#termOfStem.set(stem, term);
    this.#termOfWord.set(word, term);
    return term;
  }

  #append(term: number): number {
    if (this.#size === this.#terms.length) {
      const [terms, counts] = [this.#terms, this.#counts];
      this.#terms = new Int32Array(2 * this.#size);
      this.#counts = new Uint32Array(2 * this.#size);
      this.#terms.set(terms);
      this.#counts.set(counts);
    }
    this.#terms[this.#size] = term;
    return this.#size++;
  }
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** The counts of all fields of an entry, by their factors. */
function weightedCount(counts: number, factors: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < factors.length; i++) sum += factors[i]! * ((counts >>> (8 * i)) & countMax);
  return sum;
}

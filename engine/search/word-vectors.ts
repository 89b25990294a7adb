import { sharedFloat32Array } from '../graph/index.ts';
import { lsa } from '../text/index.ts';
import type { WordVectors } from './text-index.ts';

/** Pins with words: pin `pins[i]` has entries [starts[i], starts[i + 1]), each a term and its counts by field, a byte each. */
interface DescribedPins {
  readonly pins: readonly number[];
  readonly starts: readonly number[];
  readonly terms: Int32Array;
  readonly counts: Uint32Array;
}

const dims = 96;
const passes = 2;
/** Fewer pins with words have no directions to speak of. */
const describedMin = 300;
/** Pins whose words determine the directions: evenly spaced, where there are more. All pins are then placed in them. */
const sampleMax = 20_000;
/** Terms of fewer sampled pins connect nothing. */
const holdersMin = 2;
const rankTolerance = 1e-9;

/**
 * Latent semantic analysis (Deerwester et al. 1990) of pins and terms: pins that use related words lie in one direction, also
 * without a common word. The directions come from at most 20,000 pins; a pin lies at the sum of its terms, as does a query.
 * Undefined for fewer than 300 pins. Seeded. O(entries · dims).
 */
export function wordVectors(
  described: DescribedPins,
  termStarts: Int32Array,
  pinCount: number,
  randomSeed: number,
): WordVectors | undefined {
  const count = described.pins.length;
  if (count < describedMin) return undefined;
  const step = Math.max(1, count / sampleMax);
  const sample = Array.from({ length: Math.min(count, sampleMax) }, (_, i) => Math.floor(i * step));
  const rarity = raritiesOf(described, sample, termStarts);
  const terms = termVectors(described, sample, rarity, randomSeed);
  return { dims, terms, ...placePins(described, terms, pinCount) };
}

/** ln(sampled pins / those with the term) by term; 0 for terms that tell nothing. */
function raritiesOf(
  { starts, terms }: DescribedPins,
  sample: readonly number[],
  termStarts: Int32Array,
): Float64Array {
  const holders = new Float64Array(termStarts.length - 1);
  for (const i of sample) {
    for (let entry = starts[i]!; entry < starts[i + 1]!; entry++) holders[terms[entry]!]!++;
  }
  return holders.map((count) => (count < holdersMin ? 0 : Math.log(sample.length / count)));
}

/** With X ≈ U·S·Vᵀ: rows of V = Xᵀ·(U·S)·S⁻², multiplied by the rarity of their terms. */
function termVectors(
  { starts, terms, counts }: DescribedPins,
  sample: readonly number[],
  rarity: Float64Array,
  randomSeed: number,
): Float32Array<SharedArrayBuffer> {
  const used: number[] = [];
  const columnOf = new Int32Array(rarity.length);
  for (const [term, rare] of rarity.entries()) if (rare > 0) columnOf[term] = used.push(term) - 1;
  const columns: number[] = [];
  const values: number[] = [];
  const rowStarts = new Int32Array(sample.length + 1);
  for (const [row, i] of sample.entries()) {
    let squares = 0;
    const from = values.length;
    for (let entry = starts[i]!; entry < starts[i + 1]!; entry++) {
      const value = strength(counts[entry]!) * rarity[terms[entry]!]!;
      if (value === 0) continue;
      columns.push(columnOf[terms[entry]!]!);
      values.push(value);
      squares += value * value;
    }
    for (let at = from; at < values.length; at++) values[at]! /= Math.sqrt(squares);
    rowStarts[row + 1] = values.length;
  }
  const rows = {
    starts: rowStarts,
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
    columnCount: used.length,
  };
  const places = lsa(rows, dims, randomSeed, passes);
  const squares = new Float64Array(dims);
  for (let at = 0; at < places.length; at++) squares[at % dims]! += places[at]! ** 2;
  const vectors = sharedFloat32Array(rarity.length * dims);
  for (let row = 0; row < sample.length; row++) {
    for (let at = rowStarts[row]!; at < rowStarts[row + 1]!; at++) {
      const term = used[columns[at]!]! * dims;
      for (let dim = 0; dim < dims; dim++) vectors[term + dim]! += values[at]! * places[row * dims + dim]!;
    }
  }
  // Beyond the rank of X, directions are rounding errors.
  const least = squares[0]! * rankTolerance;
  const factors = squares.map((square) => (square > least ? 1 / square : 0));
  for (const term of used) {
    for (let dim = 0; dim < dims; dim++) vectors[term * dims + dim]! *= factors[dim]! * rarity[term]!;
  }
  return vectors;
}

function placePins(
  { pins, starts, terms, counts }: DescribedPins,
  vectors: Float32Array,
  pinCount: number,
): Pick<WordVectors, 'pins' | 'scales'> {
  const placed = new Int8Array(new SharedArrayBuffer(pinCount * dims));
  const scales = sharedFloat32Array(pinCount);
  const sum = new Float64Array(dims);
  for (const [i, pin] of pins.entries()) {
    sum.fill(0);
    for (let entry = starts[i]!; entry < starts[i + 1]!; entry++) {
      addTerm(sum, vectors, terms[entry]!, strength(counts[entry]!));
    }
    const largest = sum.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    if (largest === 0) continue;
    let squares = 0;
    for (let dim = 0; dim < dims; dim++) {
      const value = Math.round((127 / largest) * sum[dim]!);
      placed[pin * dims + dim] = value;
      squares += value * value;
    }
    scales[pin] = 1 / Math.sqrt(squares);
  }
  return { pins: placed, scales };
}

/** Adds a term's vector to the place of a text, by how strongly the text has it. */
export function addTerm(sum: Float64Array, vectors: Float32Array, term: number, amount: number): void {
  for (let dim = 0; dim < dims; dim++) sum[dim]! += amount * vectors[term * dims + dim]!;
}

/** 1 + ln of how often a pin has a term, in any field. */
function strength(counts: number): number {
  const count = (counts & 255) + ((counts >>> 8) & 255) + ((counts >>> 16) & 255) + (counts >>> 24);
  return 1 + Math.log(count);
}

/**
 * State of a seeded random number generator. One seed has many independent streams, one for each consumer.
 *
 * The generator is xoroshiro64* (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021,
 * doi:10.1145/3460772): two 32-bit words of state, period 2^64 − 1. Its lowest bits are weak, so every use here takes
 * the high bits. The walk kernel inlines the arithmetic of {@link nextUint32}.
 */
export interface RandomStream {
  low: number;
  high: number;
}

const multiplier = 0x9e3779bb;

/** Largest random seed; seeds are unsigned 32-bit integers. */
export const randomSeedMax = 0xffff_ffff;

/**
 * Stream `(stream, substream)` of a seed. Its 64-bit state is a hash of all three, so streams start at unrelated points
 * of the period: with 2^16 streams of 2^20 draws each, any two of them overlap with probability 2^-12 or so.
 */
export function randomStream(randomSeed: number, stream = 0, substream = 0): RandomStream {
  const low = lowOf(randomSeed, stream, substream);
  const high = mix32(mix32(mix32(randomSeed ^ 0x85ebca6b) + stream) ^ Math.imul(substream, 0xc2b2ae35));
  // The all-zero state is the generator's one fixed point.
  return { low, high: (low | high) === 0 ? 1 : high };
}

function lowOf(randomSeed: number, stream: number, substream: number): number {
  return mix32(mix32(mix32(randomSeed ^ 0x9e3779b9) ^ stream) ^ substream);
}

/** The next draw, an unsigned 32-bit integer. */
export function nextUint32(stream: RandomStream): number {
  const low = stream.low;
  const high = stream.high ^ low;
  stream.low = ((low << 26) | (low >>> 6)) ^ high ^ (high << 9);
  stream.high = (high << 13) | (high >>> 19);
  return Math.imul(low, multiplier) >>> 0;
}

/** The next draw in [0, 1), a multiple of 2^-32. */
export function nextUnit(stream: RandomStream): number {
  return nextUint32(stream) * 2 ** -32;
}

/**
 * The next draw in [0, limit), for limit up to 2^31, by multiply-shift. The probability of a value differs from
 * 1 / limit by at most 2^-32 (Lemire, ACM TOMACS 2019, doi:10.1145/3230636, without the rejection step): a relative
 * bias below 0.03 % for a node with a million neighbors.
 */
export function nextBelow(stream: RandomStream, limit: number): number {
  return Math.floor(nextUint32(stream) * limit * 2 ** -32);
}

/** The 32-bit finaliser of MurmurHash3, a bijection: flipping an input bit flips about half of the output bits. */
function mix32(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

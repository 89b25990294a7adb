/**
 * Seeded random numbers, split into streams that any number of independent consumers can own.
 *
 * The generator is xoroshiro64* (Blackman and Vigna, "Scrambled linear pseudorandom number generators",
 * ACM TOMS 2021, doi:10.1145/3460772): two 32-bit words of state, period 2^64 - 1. Its weak bits are the
 * lowest ones; every use here takes the high bits. The walk kernel inlines {@link nextUint32}'s arithmetic.
 */
export interface RandomStream {
  low: number;
  high: number;
}

/** Largest random seed: seeds are unsigned 32-bit integers. */
export const randomSeedMax = 0xffff_ffff;

/**
 * The stream numbered `(stream, substream)` of a seed. Its 64-bit state is a hash of all three, so two
 * streams start at unrelated places of the period: with 2^16 streams of 2^20 draws each, the chance that
 * any two overlap is about 2^-12.
 */
export function randomStream(randomSeed: number, stream = 0, substream = 0): RandomStream {
  const low = mix32(mix32(mix32(randomSeed ^ 0x9e3779b9) ^ stream) ^ substream);
  const high = mix32(mix32(mix32(randomSeed ^ 0x85ebca6b) + stream) ^ Math.imul(substream, 0xc2b2ae35));
  // The all-zero state is the generator's one fixed point.
  return { low, high: (low | high) === 0 ? 1 : high };
}

/** The next draw, an unsigned 32-bit integer. */
export function nextUint32(stream: RandomStream): number {
  const low = stream.low;
  const high = stream.high ^ low;
  stream.low = ((low << 26) | (low >>> 6)) ^ high ^ (high << 9);
  stream.high = (high << 13) | (high >>> 19);
  return Math.imul(low, 0x9e3779bb) >>> 0;
}

/** The next draw in [0, 1), a multiple of 2^-32. */
export function nextUnit(stream: RandomStream): number {
  return nextUint32(stream) * 2 ** -32;
}

/**
 * The next draw in [0, limit), for limit up to 2^31, by multiply-shift. A value's probability differs from
 * 1 / limit by at most 2^-32 (Lemire, ACM TOMACS 2019, doi:10.1145/3230636, before its rejection step): for
 * a node of a million neighbors a relative bias under 0.03 %.
 */
export function nextBelow(stream: RandomStream, limit: number): number {
  return Math.floor(nextUint32(stream) * limit * 2 ** -32);
}

/** MurmurHash3's 32-bit finaliser: a bijection in which every input bit flips half of the output bits. */
function mix32(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

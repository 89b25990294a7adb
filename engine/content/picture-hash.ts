/** Blocks along each side, of which a hash compares neighbors, and pixels along each side of a block. */
const [blocks, blockSize] = [9, 8];
/** Pixels along each side of the gray picture that {@link pictureHash} takes. */
export const pictureSize: number = blocks * blockSize;
/** Unsigned 32-bit words of a hash. */
const hashWords = 4;
const bitsPerSide = blocks - 1;
/** Standard deviation of gray levels, of 255, below which a picture is too even to have a hash: noise would decide. */
const contrastMin = 4;
/** Levels by which a neighbor must be brighter: even areas stay even under compression. */
const margin = 2;
/** Bits of a band: two hashes within fewer bits than there are bands agree in one of them. */
const bandBits = 8;
const bands = (32 * hashWords) / bandBits;

/**
 * A perceptual hash of 128 bits: whether each of 8 × 8 blocks is darker than its neighbor to the right, and than that below
 * (dHash, Krawetz 2013, in both directions). `gray` has 72 × 72 levels, row by row; means of blocks hardly depend on the size that the
 * picture had before. Compression, scaling, brightness and small crops change few bits. Undefined for a picture that is nearly
 * of one gray.
 */
export function pictureHash(gray: Uint8Array): Uint32Array | undefined {
  const levels = blockMeans(gray);
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const squares = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0);
  if (Math.sqrt(squares / levels.length) < contrastMin) return undefined;
  const hash = new Uint32Array(hashWords);
  let bit = 0;
  for (const step of [1, blocks]) {
    for (let y = 0; y < bitsPerSide; y++) {
      for (let x = 0; x < bitsPerSide; x++, bit++) {
        const at = y * blocks + x;
        if (levels[at]! + margin < levels[at + step]!) hash[bit >>> 5]! |= 1 << (bit & 31);
      }
    }
  }
  return hash;
}

function blockMeans(gray: Uint8Array): Float64Array {
  const means = new Float64Array(blocks * blocks);
  for (let y = 0; y < pictureSize; y++) {
    const row = Math.floor(y / blockSize) * blocks;
    for (let x = 0; x < pictureSize; x++) {
      means[row + Math.floor(x / blockSize)]! += gray[y * pictureSize + x]! / blockSize ** 2;
    }
  }
  return means;
}

/**
 * Groups pictures by their hashes: for each, the index of the picture that represents its group. A picture
 * joins the nearest representative within `distanceMax` bits (below 16), or else represents a new group; so
 * chains of small changes do not join unlike pictures. O(pictures² / 16), some 10 ns each.
 */
export function groupPictures(hashes: readonly Uint32Array[], distanceMax: number): Int32Array {
  const groups = new Int32Array(hashes.length);
  const byBand = Array.from({ length: bands }, () => new Map<number, number[]>());
  for (const [i, hash] of hashes.entries()) {
    let [nearest, least] = [i, distanceMax + 1];
    for (let band = 0; band < bands; band++) {
      for (const other of byBand[band]!.get(bandOf(hash, band)) ?? []) {
        const distance = distanceOf(hash, hashes[other]!);
        if (distance < least || (distance === least && other < nearest)) [nearest, least] = [other, distance];
      }
    }
    groups[i] = least <= distanceMax ? nearest : i;
    if (groups[i] !== i) continue;
    for (let band = 0; band < bands; band++) {
      const value = bandOf(hash, band);
      const those = byBand[band]!.get(value);
      if (those === undefined) byBand[band]!.set(value, [i]);
      else those.push(i);
    }
  }
  return groups;
}

function bandOf(hash: Uint32Array, band: number): number {
  return (hash[band >>> 2]! >>> (bandBits * (band & 3))) & 255;
}

/** Bits in which two hashes differ. */
function distanceOf(a: Uint32Array, b: Uint32Array): number {
  let distance = 0;
  for (let i = 0; i < hashWords; i++) {
    let bits = a[i]! ^ b[i]!;
    bits -= (bits >>> 1) & 0x5555_5555;
    bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
    distance += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return distance;
}

import { check } from '../../base/index.ts';

/**
 * The bins of numeric features: by feature, ascending inner bounds. Bin 0 holds NaN; bin b ≥ 1 values above bound b − 2 and up to
 * bound b − 1.
 */
export interface Bins {
  readonly bounds: readonly Float64Array[];
}

/** Rows as bins, row by row. */
export interface BinnedRows {
  readonly bins: Bins;
  readonly count: number;
  readonly width: number;
  readonly values: Uint8Array;
}

/**
 * Bins that hold about equally many rows each, at most `binsMax` with that of NaN; equal values share one. A bound is the middle
 * between the values on its two sides. `rows`: of `width` features each, row by row. O(width · rows · log rows).
 */
export function fitBins(rows: Float64Array, width: number, binsMax: number): Bins {
  check(Number.isInteger(binsMax) && binsMax >= 3 && binsMax <= 256, 'binsMax', `${binsMax} is not an integer in [3, 256]`); // prettier-ignore
  const count = rows.length / width;
  const column = new Float64Array(count);
  const bounds: Float64Array[] = [];
  for (let feature = 0; feature < width; feature++) {
    let known = 0;
    for (let row = 0; row < count; row++) {
      const value = rows[row * width + feature]!;
      // −0 and 0 are equal, and sorted apart.
      if (!Number.isNaN(value)) column[known++] = value + 0;
    }
    bounds.push(boundsOf(column.subarray(0, known).toSorted(), binsMax - 1));
  }
  return { bounds };
}

function boundsOf(sorted: Float64Array, bins: number): Float64Array {
  const bounds: number[] = [];
  let [start, left] = [0, bins];
  for (let i = 1; i < sorted.length && left > 1; i++) {
    if (sorted[i] === sorted[i - 1] || i - start < (sorted.length - start) / left) continue;
    const [below, above] = [sorted[i - 1]!, sorted[i]!];
    const middle = below / 2 + above / 2;
    bounds.push(middle >= below && middle < above ? middle : below);
    [start, left] = [i, left - 1];
  }
  return Float64Array.from(bounds);
}

/** The bin of a value. O(log bins). */
export function binOf(bounds: Float64Array, value: number): number {
  if (Number.isNaN(value)) return 0;
  let [low, high] = [0, bounds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (value <= bounds[middle]!) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}

export function binRows(bins: Bins, rows: Float64Array): BinnedRows {
  const width = bins.bounds.length;
  const values = new Uint8Array(rows.length);
  for (let feature = 0; feature < width; feature++) {
    const bounds = bins.bounds[feature]!;
    for (let at = feature; at < rows.length; at += width) values[at] = binOf(bounds, rows[at]!);
  }
  return { bins, count: rows.length / width, width, values };
}

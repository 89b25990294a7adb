/** The sum of `values` at `indexes[start .. end)`. */
export function sumOf(values: Float64Array, indexes: Int32Array, start: number, end: number): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum += values[indexes[i]!]!;
  return sum;
}

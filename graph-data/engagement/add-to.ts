/** Adds numbers to sums, place by place. */
export function addTo(sums: number[], more: readonly number[]): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += more[i]!;
}

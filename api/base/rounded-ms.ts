/** Milliseconds, rounded to microseconds: what clocks and readers can tell apart. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

import { check } from '../base/index.ts';
import type { ScoredPin } from './top-pins.ts';

/**
 * Scores weighed by global PageRank: each times `(pageRank · pins) ^ -strength`, 1 for a pin of mean PageRank; then
 * ordered anew, ties to the smaller pin. A strength above 0 takes hubs down, below 0 it is a prior that lifts them.
 * Unlike a popularity discount it knows of more than the pin's own boards. Negative scores, which sharpening can
 * give, are divided instead of multiplied, so that taking down never lifts. A pin past the end of `pageRank`, newer
 * than it, counts as mean. O(n log n). Throws `invalid-parameter` for a strength outside [-1, 1].
 */
export function correctHubs(
  ranked: readonly ScoredPin[],
  pageRank: Float32Array,
  strength: number,
): ScoredPin[] {
  check(strength >= -1 && strength <= 1, 'hubCorrection', `${strength} is not in [-1, 1]`);
  if (strength === 0) return [...ranked];
  return ranked
    .map(({ pin, score }) => {
      const factor = ((pageRank[pin] ?? 1 / pageRank.length) * pageRank.length) ** -strength;
      return { pin, score: score < 0 ? score / factor : score * factor };
    })
    .toSorted((a, b) => b.score - a.score || a.pin - b.pin);
}

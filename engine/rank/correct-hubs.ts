import { check } from '../base/index.ts';
import type { ScoredPin } from './top-pins.ts';

/**
 * Reranks pins by score times `(pageRank · pins) ^ -strength`, a factor that is 1 at the mean PageRank; ties go to the
 * smaller pin index. A positive strength demotes hubs, a negative one promotes them. Unlike a popularity discount, global
 * PageRank considers more than the number of a pin's boards. Negative scores, which sharpening can produce, are divided by
 * the factor, so that a demotion always lowers the score. A pin newer than `pageRank` counts as mean. O(n log n). Throws
 * `invalid-parameter` (`hubCorrection`) unless `strength` is in [−1, 1].
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

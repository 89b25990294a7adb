import { check } from '../base/index.ts';
import { type PinIndex, sharedFloat32Array, sharedInt32Array } from '../graph/index.ts';
import type { ScoredPin } from '../rank/index.ts';

/**
 * Pins connected by what they say, by source: `pins[e]` has the source s among its nearest, with `weights[e]`, e in
 * [starts[s], starts[s + 1]).
 */
export interface ContentLinks {
  readonly starts: Int32Array<SharedArrayBuffer>;
  /** Ascending for each source. */
  readonly pins: Int32Array<SharedArrayBuffer>;
  readonly weights: Float32Array<SharedArrayBuffer>;
}

/**
 * Links each of `targets` (ascending) to its nearest pins, `neighborsOf`, with similarities above 0. A link weighs
 *
 *     similarity / (Σ similarities + prior)
 *
 * so a pin that is like nothing in particular has little weight in all: `prior` is the sum of similarities at which half
 * the weight is left. O(links + pins). Throws `invalid-parameter` (`prior`) unless it is a finite number from 0.
 */
export function contentLinks(
  pinCount: number,
  targets: Iterable<PinIndex>,
  neighborsOf: (pin: PinIndex) => readonly ScoredPin[],
  prior: number,
): ContentLinks {
  check(prior >= 0 && prior < Infinity, 'prior', `${prior} is not a finite number from 0`);
  const links: { readonly source: PinIndex; readonly target: PinIndex; readonly weight: number }[] = [];
  const starts = sharedInt32Array(pinCount + 1);
  for (const target of targets) {
    const near = neighborsOf(target).filter(({ score }) => score > 0);
    const total = near.reduce((sum, { score }) => sum + score, prior);
    for (const { pin, score } of near) {
      links.push({ source: pin, target, weight: score / total });
      starts[pin + 1]!++;
    }
  }
  for (let pin = 0; pin < pinCount; pin++) starts[pin + 1]! += starts[pin]!;
  const ends = Int32Array.from(starts);
  const pins = sharedInt32Array(links.length);
  const weights = sharedFloat32Array(links.length);
  for (const { source, target, weight } of links) {
    const place = ends[source]!++;
    pins[place] = target;
    weights[place] = weight;
  }
  return { starts, pins, weights };
}

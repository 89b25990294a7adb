import type { ScoredPin } from '../rank/index.ts';

/** The rank of a node that a list may lack. */
export type TracedPin = { readonly pin: number } & (
  | { readonly place: 'listed' | 'beyond-limit'; readonly rank: number; readonly score: number }
  /** A candidate that later stages never saw; `rank` is the one among all candidates. */
  | {
      readonly place: 'beyond-pool';
      readonly rank: number;
      readonly score: number;
      readonly poolSize: number;
    }
  | { readonly place: 'below-relevance'; readonly score: number; readonly lowest: number }
  /** Not among the candidates. */
  | { readonly place: 'not-found' }
);

/** The lists of one run, each best first. */
interface RunLists {
  readonly best: readonly ScoredPin[];
  /** What passed the minimum relevance, in the order of a list without a limit. */
  readonly relevant: readonly ScoredPin[];
  /** The candidates that the later stages saw, with the scores that these gave them. */
  readonly pool: readonly ScoredPin[];
  /** The minimum score. */
  readonly lowest: number;
  /** Whether later stages change scores or the order. */
  readonly isReordered: boolean;
  /** Finds the candidates again, without the cut. */
  readonly findAll: () => readonly ScoredPin[];
}

/** Where each node stands after a run; candidates are found again only for one that was not in the pool. */
export function tracePins(
  pins: readonly number[],
  { best, relevant, pool, lowest, isReordered, findAll }: RunLists,
): TracedPin[] {
  let all: readonly ScoredPin[] | undefined;
  return pins.map((pin): TracedPin => {
    const ranked = relevant.findIndex((each) => each.pin === pin);
    if (ranked >= 0) {
      const { score } = relevant[ranked]!;
      return { pin, place: ranked < best.length ? 'listed' : 'beyond-limit', rank: ranked + 1, score };
    }
    const dropped = pool.find((each) => each.pin === pin);
    if (dropped !== undefined) return { pin, place: 'below-relevance', score: dropped.score, lowest };
    all ??= findAll();
    const rank = all.findIndex((each) => each.pin === pin) + 1;
    if (rank === 0) return { pin, place: 'not-found' };
    const { score } = all[rank - 1]!;
    if (isReordered) return { pin, place: 'beyond-pool', rank, score, poolSize: pool.length };
    if (score < lowest) return { pin, place: 'below-relevance', score, lowest };
    return { pin, place: 'beyond-limit', rank, score };
  });
}

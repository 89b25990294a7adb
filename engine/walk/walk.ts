import type { PinIndex } from '../graph/index.ts';

/** How walkers walk, and where visits are counted. */
export interface Walk {
  /** Probability of returning home after each step, in [0, 1]. */
  readonly restartProbability: number;
  readonly randomSeed: number;
  /**
   * Number c of phantom pins that every board has in addition to its own d. A walker that draws one of them, with
   * probability c / (d + c), is lost: its visit counts at `lostNode` of the kernel and it restarts from home.
   */
  readonly boardShrinkage: number;
  /** Where a step counts as a visit: at the pin where it ends, or at the board it passes, even if the walker is lost. */
  readonly counts: 'pins' | 'boards';
  /** The walk stops when this many nodes have `visits.reachCount` visits; Infinity to disable. */
  readonly reachedMax: number;
  /** Called after every step. Slows the walk down but does not change it. */
  readonly onStep?: OnStep | undefined;
}

/**
 * A step of one walker: its home pin and random substream, the board it passed, the pin where it ended (−1: lost, see
 * `boardShrinkage`), and whether the next step starts from home. The steps of one walker are in order; those of different
 * walkers are interleaved.
 */
export type OnStep = (
  home: PinIndex,
  substream: number,
  board: number,
  end: PinIndex,
  restarts: boolean,
) => void;

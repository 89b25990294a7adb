import type { Adjacency } from '../../engine/graph/index.ts';
import {
  type CountedBoards,
  type LinearBuildParams,
  type LinearColumns,
  Regression,
  fillColumns,
} from '../../engine/linear/index.ts';

/** The state that the threads of one computation share. */
export interface LinearTask {
  readonly boardToPin: Adjacency;
  readonly boards: CountedBoards;
  readonly params: LinearBuildParams;
  readonly columns: LinearColumns;
  /** The first pin that no thread has taken yet; pins whose weights are computed. */
  readonly progress: Int32Array<SharedArrayBuffer>;
}

/** Pins that a thread takes at a time: some 20 ms of work at K = 100, half a second at 400. */
const pinsPerStep = 32;

/** Computes columns until every pin is taken. Yields after each step. */
export function* runLinearTask({
  boardToPin,
  boards,
  params,
  columns,
  progress,
}: LinearTask): Generator<void> {
  const regression = new Regression(boardToPin, boards, params);
  const pinCount = columns.counts.length;
  for (;;) {
    const from = Atomics.add(progress, 0, pinsPerStep);
    if (from >= pinCount) return;
    const to = Math.min(from + pinsPerStep, pinCount);
    fillColumns(regression, params, columns, from, to);
    Atomics.add(progress, 1, to - from);
    yield;
  }
}

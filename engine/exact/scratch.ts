import type { PinBoardGraph } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { PowerTable, SparseVector } from '../sparse/index.ts';

/** Buffers that successive exact queries reuse; one per thread. 48 bytes per pin and 24 per board. */
export interface ExactScratch {
  readonly boards: SparseVector;
  readonly pins: SparseVector;
  readonly steps: SparseVector;
  readonly background: SparseVector;
  readonly arrived: SparseVector;
  readonly residuals: SparseVector;
  readonly startPower: PowerTable;
  readonly boardPower: PowerTable;
  readonly pinPower: PowerTable;
  readonly stepPower: PowerTable;
  readonly one: PowerTable;
  /** What `pins` and `background` hold, if they are to be scored again. */
  last: LastPaths | undefined;
}

/** Masses of `paths` in a scratch, and the inputs that they depend on. */
interface LastPaths {
  readonly graph: PinBoardGraph;
  readonly query: Query;
  readonly name: string;
  /** Of the masses of all pins. */
  readonly sum: number;
  readonly boardsExpanded: number;
  readonly isTruncated: boolean;
}

/** New scratch for the exact algorithms; it grows with the graphs it is used on. */
export function createExactScratch(): ExactScratch {
  const stepPower = new PowerTable();
  stepPower.begin(-1);
  const one = new PowerTable();
  one.begin(0);
  return {
    boards: new SparseVector(),
    pins: new SparseVector(),
    steps: new SparseVector(),
    background: new SparseVector(),
    arrived: new SparseVector(),
    residuals: new SparseVector(),
    startPower: new PowerTable(),
    boardPower: new PowerTable(),
    pinPower: new PowerTable(),
    stepPower,
    one,
    last: undefined,
  };
}

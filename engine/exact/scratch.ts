import { PowerTable, SparseVector } from '../sparse/index.ts';

/** What one exact query reuses from another: one a thread. 60 bytes a pin and 24 a board. */
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
}

/** Fresh scratch for the exact algorithms; grows to the graphs it meets. */
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
  };
}

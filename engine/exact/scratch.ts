import { PowerTable, SparseVector } from '../vectors/index.ts';

/** What one exact query reuses from another: one a thread. 60 bytes a pin and 12 a board. */
export interface ExactScratch {
  readonly boards: SparseVector;
  readonly pins: SparseVector;
  readonly steps: SparseVector;
  readonly arrived: SparseVector;
  readonly residuals: SparseVector;
  readonly startPower: PowerTable;
  readonly boardPower: PowerTable;
  readonly pinPower: PowerTable;
  readonly stepPower: PowerTable;
}

/** Fresh scratch for the exact algorithms; grows to the graphs it meets. */
export function createExactScratch(): ExactScratch {
  const stepPower = new PowerTable();
  stepPower.begin(-1);
  return {
    boards: new SparseVector(),
    pins: new SparseVector(),
    steps: new SparseVector(),
    arrived: new SparseVector(),
    residuals: new SparseVector(),
    startPower: new PowerTable(),
    boardPower: new PowerTable(),
    pinPower: new PowerTable(),
    stepPower,
  };
}

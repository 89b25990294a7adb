import { PowerTable, SparseVector } from '../sparse/index.ts';
import { type Lanes, createLanes } from './interleaved-walk.ts';
import { VisitTable } from './visit-table.ts';
import { WalkerList } from './walker-list.ts';

/** What one walk reuses from another: one a thread, never shared between threads. */
export interface WalkScratch {
  /** Visits of the whole walk, readable until its next use. */
  readonly visits: VisitTable;
  /** Visits from one query pin, where those are needed apart. */
  readonly ownVisits: VisitTable;
  /** By node, its share of the visits, or what stands for it. */
  readonly shares: SparseVector;
  /** By board, what the walk brings to each of its pins, where visits are spread. */
  readonly masses: SparseVector;
  /** By board that has a mass, what a second step brings to each of its pins: the background of its mass. */
  readonly seconds: SparseVector;
  /** By board, what a second step brings to each of its pins: sharpening subtracts it. */
  readonly background: SparseVector;
  /** Σ √visits over query pins, by pin. */
  readonly rootSums: SparseVector;
  readonly walkers: WalkerList;
  readonly lanes: Lanes;
  readonly discounts: PowerTable;
}

/** Fresh scratch for {@link pixie}; grows to the walks it meets. */
export function createWalkScratch(): WalkScratch {
  return {
    visits: new VisitTable(),
    ownVisits: new VisitTable(),
    masses: new SparseVector(),
    seconds: new SparseVector(),
    background: new SparseVector(),
    shares: new SparseVector(),
    rootSums: new SparseVector(),
    walkers: new WalkerList(),
    lanes: createLanes(),
    discounts: new PowerTable(),
  };
}

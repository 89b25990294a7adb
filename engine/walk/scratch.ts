import type { PinBoardGraph } from '../graph/index.ts';
import type { Query } from '../query.ts';
import { PowerTable, SparseVector } from '../sparse/index.ts';
import { type Lanes, createLanes } from './lanes.ts';
import { ReachedPins } from './reached-pins.ts';
import { Shares } from './shares-vector.ts';
import { Spreader } from './spreader.ts';
import { VisitTable } from './visit-table.ts';
import { WalkerList } from './walker-list.ts';

/** Counts of a walk. */
export interface Walked {
  readonly steps: number;
  readonly secondSteps: number;
  readonly stoppedEarly: boolean;
}

/** Buffers that successive walks reuse; one per thread. */
export interface WalkScratch {
  /** The last walk, if it may be scored again: what it depends on beside graph and query is its name. */
  last:
    | {
        readonly graph: PinBoardGraph;
        readonly query: Query;
        readonly name: string;
        readonly walked: Walked;
      }
    | undefined;
  /** Visits of the last walk, readable until the next one. */
  readonly visits: VisitTable;
  /** Visits from a single query pin, where they are needed separately. */
  readonly ownVisits: VisitTable;
  /** Share of the visits by node; after boost, spreading or clipping, the value that replaces it. */
  readonly shares: Shares;
  /** Instead of `shares` for walks with second steps. */
  readonly reached: ReachedPins;
  readonly spreader: Spreader;
  /** By board, the sampled mass that second steps give to each of its pins; sharpening subtracts it. */
  readonly background: SparseVector;
  /** By pin, Σ √visits over query pins. */
  readonly rootSums: SparseVector;
  readonly walkers: WalkerList;
  readonly lanes: Lanes;
  readonly discounts: PowerTable;
}

/** New scratch for {@link pixie}; it grows with the walks it is used for. */
export function createWalkScratch(): WalkScratch {
  const spreader = new Spreader();
  return {
    last: undefined,
    visits: new VisitTable(),
    ownVisits: new VisitTable(),
    background: new SparseVector(),
    shares: new Shares(),
    reached: new ReachedPins(spreader.runs),
    spreader,
    rootSums: new SparseVector(),
    walkers: new WalkerList(),
    lanes: createLanes(),
    discounts: new PowerTable(),
  };
}

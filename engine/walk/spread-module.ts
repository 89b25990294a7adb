import {
  type Code,
  type ModuleFunction,
  block,
  defineFunction,
  encodeModule,
  f64,
  get,
  i32,
  i64,
  leave,
  leaveIf,
  loop,
  set,
  tee,
  when,
} from '../wasm/index.ts';
import { blockNodes, marked, valuesOffset } from './shares-layout.ts';

/**
 * Runs are neighbors of a board that get the same amount: 32 bytes each, the byte offsets of start and end, the amount and the
 * mass of the board as 64-bit floats, the board and its degree.
 */
export const runBytes = 32;
export const runsMax = 1024;
/** What the functions return, behind the runs. */
export const resultsOffset: number = runBytes * runsMax;

const [runs, shares, visits, boardToPin] = [0, 1, 2, 3];
const memories = [
  { name: 'runs', isShared: false },
  { name: 'shares', isShared: false },
  { name: 'visits', isShared: false },
  { name: 'boardToPin', isShared: true },
];

/** The bytes of a WebAssembly module with the loops of `Spreader`. */
export function spreadModule(): Uint8Array<ArrayBuffer> {
  return encodeModule(memories, [planRuns(), addRuns()]);
}

/**
 * Writes the runs of visited boards, from the slot at byte offset `touched` in the list of slots on. Ends before a board of more
 * than `edgesMax` pins, before all together have more than `edgesLeft`, and when the runs are full. Returns where it ended in the
 * list and among the runs, the edges, and the mass that they give, added to `total`.
 */
function planRuns(): ModuleFunction {
  const parameters = {
    touched: 'i32',
    touchedEnd: 'i32',
    run: 'i32',
    neighbors: 'i32',
    edgesMax: 'i32',
    edgesLeft: 'i32',
    boardShrinkage: 'f64',
    total: 'f64',
  } as const;
  const locals = {
    slot: 'i32',
    slice: 'i64',
    start: 'i32',
    degree: 'i32',
    edges: 'i32',
    planned: 'i32',
    read: 'i32',
    pins: 'f64',
    amount: 'f64',
  } as const;
  return defineFunction('planRuns', parameters, locals, (v) => [
    set(v.planned, get(v.run)),
    block(
      loop([
        leaveIf(i32.eq(get(v.touched), get(v.touchedEnd)), 1),
        leaveIf(i32.eq(get(v.run), i32.const(runBytes * runsMax)), 1),
        set(v.slot, i32.shl(i32.load(visits, get(v.touched)), i32.const(3))),
        set(v.slice, i64.load(boardToPin, i32.shl(i32.load(visits, get(v.slot)), i32.const(3)))),
        set(v.degree, i32.wrapI64(i64.shrU(get(v.slice), i64.const(32)))),
        leaveIf(i32.gtS(get(v.degree), get(v.edgesMax)), 1),
        leaveIf(i32.gtS(i32.add(get(v.edges), get(v.degree)), get(v.edgesLeft)), 1),
        set(v.touched, i32.add(get(v.touched), i32.const(4))),
        // A board of a live graph may have lost all its pins since the visit.
        when(get(v.degree), [
          set(v.edges, i32.add(get(v.edges), get(v.degree))),
          set(v.start, i32.add(get(v.neighbors), i32.shl(i32.wrapI64(get(v.slice)), i32.const(2)))),
          i32.store(runs, get(v.run), get(v.start)),
          i32.store(runs, get(v.run), i32.add(get(v.start), i32.shl(get(v.degree), i32.const(2))), 4),
          f64.store(runs, get(v.run), f64.convertI32S(i32.load(visits, get(v.slot), 4)), 8),
          i32.store(runs, get(v.run), i32.load(visits, get(v.slot)), 24),
          i32.store(runs, get(v.run), get(v.degree), 28),
          set(v.run, i32.add(get(v.run), i32.const(runBytes))),
        ]),
        leave(0),
      ]),
    ),
    // A loop of its own, as the processor looks ahead by instructions: the shorter the loops, the more cache misses overlap.
    block(
      loop([
        leaveIf(i32.eq(get(v.planned), get(v.run)), 1),
        set(v.start, i32.load(runs, get(v.planned))),
        set(v.slot, i32.load(runs, get(v.planned), 4)),
        set(v.read, i32.xor(get(v.read), i32.load(boardToPin, get(v.start)))),
        set(v.read, i32.xor(get(v.read), i32.load(boardToPin, i32.sub(get(v.slot), i32.const(4))))),
        set(v.pins, f64.convertI32S(i32.shrU(i32.sub(get(v.slot), get(v.start)), i32.const(2)))),
        set(
          v.amount,
          f64.div(f64.load(runs, get(v.planned), 8), f64.add(get(v.pins), get(v.boardShrinkage))),
        ),
        f64.store(runs, get(v.planned), get(v.amount), 8),
        f64.store(runs, get(v.planned), get(v.amount), 16),
        set(v.total, f64.add(get(v.total), f64.mul(get(v.amount), get(v.pins)))),
        set(v.planned, i32.add(get(v.planned), i32.const(runBytes))),
        leave(0),
      ]),
    ),
    result(0, get(v.touched)),
    result(4, get(v.run)),
    result(8, get(v.edges)),
    result(12, get(v.read)),
    f64.store(runs, i32.const(0), get(v.total), resultsOffset + 16),
  ]);
}

function result(at: number, value: Code): Code {
  return i32.store(runs, i32.const(0), value, resultsOffset + at);
}

/** Adds the amount of each run to the share of each of its pins, in order, and marks their blocks. */
function addRuns(): ModuleFunction {
  const locals = {
    run: 'i32',
    edge: 'i32',
    edgesEnd: 'i32',
    pin: 'i32',
    value: 'i32',
    amount: 'f64',
  } as const;
  return defineFunction('addRuns', { runsEnd: 'i32', marks: 'i32' }, locals, (v) => {
    const mark = i32.add(get(v.marks), i32.shrU(get(v.pin), i32.const(Math.log2(blockNodes))));
    const sum = f64.add(f64.load(shares, get(v.value), valuesOffset), get(v.amount));
    return loop([
      set(v.edge, i32.load(runs, get(v.run))),
      set(v.edgesEnd, i32.load(runs, get(v.run), 4)),
      set(v.amount, f64.load(runs, get(v.run), 8)),
      loop([
        set(v.pin, i32.load(boardToPin, get(v.edge))),
        i32.store8(shares, mark, i32.const(marked)),
        set(v.value, i32.shl(get(v.pin), i32.const(3))),
        f64.store(shares, get(v.value), sum, valuesOffset),
        leaveIf(i32.ltU(tee(v.edge, i32.add(get(v.edge), i32.const(4))), get(v.edgesEnd)), 0),
      ]),
      leaveIf(i32.ltU(tee(v.run, i32.add(get(v.run), i32.const(runBytes))), get(v.runsEnd)), 0),
    ]);
  });
}

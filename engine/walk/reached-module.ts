import {
  type Code,
  type Local,
  type ModuleFunction,
  block,
  defineFunction,
  encodeModule,
  f64,
  get,
  i32,
  leave,
  leaveIf,
  loop,
  set,
  when,
} from '../wasm/index.ts';
import { boardToPin, edges, memories, next, pinToBoard, reached, result, runs } from './reached-code.ts';
import { boardBytes } from './reached-layout.ts';
import { roundSteps } from './round-steps.ts';
import { runBytes } from './spread-module.ts';

/** Knuth, TAOCP 3, section 6.4. */
export const hashMultiplier = 0x9e3779b1;

/** Edges whose slots are read ahead. */
export const readAhead = 32;

/** The bytes of a WebAssembly module with the loops of `ReachedPins`, which says what they do. Addresses are byte offsets. */
export function reachedModule(): Uint8Array<ArrayBuffer> {
  return encodeModule(memories, [
    gather(),
    reach(),
    sumWindow(),
    divideByDegree(),
    roundSteps(),
    sumBoards(),
    addBoards(),
  ]);
}

/** Appends the neighbors of runs to the edges. Returns the end of the edges. */
function gather(): ModuleFunction {
  const locals = { run: 'i32', neighbor: 'i32', neighborsEnd: 'i32' } as const;
  return defineFunction('gather', { runsEnd: 'i32', edge: 'i32' }, locals, (v) => [
    loop([
      set(v.neighbor, i32.load(runs, get(v.run))),
      set(v.neighborsEnd, i32.load(runs, get(v.run), 4)),
      loop([
        i32.store(edges, get(v.edge), i32.load(boardToPin, get(v.neighbor))),
        set(v.edge, i32.add(get(v.edge), i32.const(4))),
        leaveIf(i32.ltU(next(v.neighbor, 4), get(v.neighborsEnd)), 0),
      ]),
      leaveIf(i32.ltU(next(v.run, runBytes), get(v.runsEnd)), 0),
    ]),
    result(8, get(v.edge)),
  ]);
}

/**
 * Adds the amount of each run to the share of each of its pins, in order. New pins get the next place. Replaces the
 * gathered edges by the places of their pins. Appends each board to the lists of boards; runs of a board come together. Returns the number of pins, the end of the list
 * of boards, and that of the edges.
 */
function reach(): ModuleFunction {
  const parameters = {
    runsEnd: 'i32',
    pinCount: 'i32',
    boards: 'i32',
    masses: 'i32',
    edge: 'i32',
    values: 'i32',
    slots: 'i32',
    log2Slots: 'i32',
    pins: 'i32',
  } as const;
  const locals = {
    run: 'i32',
    edgesEnd: 'i32',
    pin: 'i32',
    slot: 'i32',
    place: 'i32',
    value: 'i32',
    read: 'i32',
    board: 'i32',
    last: 'i32',
    amount: 'f64',
  } as const;
  return defineFunction('reach', parameters, locals, (v) => {
    const listed = i32.load(reached, i32.add(get(v.pins), i32.shl(get(v.place), i32.const(2))));
    // Fibonacci hashing, as in `VisitTable`.
    const product = i32.mul(get(v.pin), i32.const(hashMultiplier));
    const first = i32.shl(i32.shrU(product, i32.sub(i32.const(32), get(v.log2Slots))), i32.const(2));
    const slotAt = i32.add(get(v.slots), get(v.slot));
    const lastSlot = i32.sub(i32.shl(i32.const(4), get(v.log2Slots)), i32.const(1));
    return [
      set(v.last, i32.const(-1)),
      loop([
        set(v.edgesEnd, edgesEndOf(v.run, v.edge)),
        set(v.amount, f64.load(runs, get(v.run), 8)),
        loop([
          // Slots are read ahead: whether a pin is new cannot be predicted, and a wrong guess ends what waits for memory.
          set(v.pin, i32.load(edges, get(v.edge), 4 * readAhead)),
          set(v.slot, first),
          set(v.read, i32.xor(get(v.read), i32.load(reached, slotAt))),
          set(v.pin, i32.load(edges, get(v.edge))),
          set(v.slot, first),
          block(
            loop([
              set(v.place, i32.sub(i32.load(reached, slotAt), i32.const(1))),
              when(i32.eq(get(v.place), i32.const(-1)), [
                set(v.place, get(v.pinCount)),
                set(v.pinCount, i32.add(get(v.pinCount), i32.const(1))),
                i32.store(reached, slotAt, get(v.pinCount)),
                i32.store(reached, i32.add(get(v.pins), i32.shl(get(v.place), i32.const(2))), get(v.pin)),
                f64.store(reached, i32.add(get(v.values), i32.shl(get(v.place), i32.const(3))), f64.const(0)),
                leave(2),
              ]),
              leaveIf(i32.eq(listed, get(v.pin)), 1),
              set(v.slot, i32.and(i32.add(get(v.slot), i32.const(4)), lastSlot)),
              leave(0),
            ]),
          ),
          set(v.value, i32.add(get(v.values), i32.shl(get(v.place), i32.const(3)))),
          f64.store(reached, get(v.value), f64.add(f64.load(reached, get(v.value)), get(v.amount))),
          i32.store(edges, get(v.edge), get(v.place)),
          leaveIf(i32.ltU(next(v.edge, 4), get(v.edgesEnd)), 0),
        ]),
        set(v.board, i32.load(runs, get(v.run), 24)),
        // A window that wraps around is two runs of one board.
        when(i32.eq(i32.eq(get(v.board), get(v.last)), i32.const(0)), [
          set(v.last, get(v.board)),
          i32.store(reached, get(v.boards), i32.load(runs, get(v.run), 28)),
          f64.store(reached, get(v.masses), f64.load(runs, get(v.run), 16)),
          set(v.boards, i32.add(get(v.boards), i32.const(boardBytes))),
          set(v.masses, i32.add(get(v.masses), i32.const(8))),
        ]),
        i32.store(reached, i32.sub(get(v.boards), i32.const(4)), get(v.edge)),
        leaveIf(i32.ltU(next(v.run, runBytes), get(v.runsEnd)), 0),
      ]),
      result(0, get(v.pinCount)),
      result(4, get(v.boards)),
      result(8, get(v.edge)),
      result(12, get(v.read)),
    ];
  });
}

/** Where the edges of a run end that begin at an address. */
function edgesEndOf(run: Local, edge: Local): Code {
  return i32.add(get(edge), i32.sub(i32.load(runs, get(run), 4), i32.load(runs, get(run))));
}

/** Returns the sum, over the edges of a board, of (share / divisor - excess) / degree, each of the pin. */
function sumWindow(): ModuleFunction {
  const parameters = {
    edge: 'i32',
    edgesEnd: 'i32',
    values: 'i32',
    pins: 'i32',
    divisor: 'f64',
    excess: 'f64',
  } as const;
  const locals = { pin: 'i32', degree: 'i32', sum: 'f64' } as const;
  return defineFunction('sumWindow', parameters, locals, (v) => {
    const share = f64.div(f64.load(reached, valueOf(v)), get(v.divisor));
    return [
      loop([
        set(v.pin, i32.add(get(v.pins), i32.shl(i32.load(edges, get(v.edge)), i32.const(2)))),
        set(v.degree, degreeOf(v.pin)),
        set(v.sum, f64.add(get(v.sum), f64.div(f64.sub(share, get(v.excess)), divisorOf(v.degree)))),
        leaveIf(i32.ltU(next(v.edge, 4), get(v.edgesEnd)), 0),
      ]),
      f64.store(reached, i32.const(0), get(v.sum), 16),
    ];
  });
}

/** The degree of the pin at an address of the list of pins. */
function degreeOf(pin: Local): Code {
  return i32.load(pinToBoard, i32.shl(i32.load(reached, get(pin)), i32.const(3)), 4);
}

/** A pin of a live graph may have lost all its boards since. */
function divisorOf(degree: Local): Code {
  return f64.convertI32S(i32.add(get(degree), i32.eq(get(degree), i32.const(0))));
}

/** Divides all shares, at least one, by a divisor, then by the degrees of their pins. */
function divideByDegree(): ModuleFunction {
  const parameters = { value: 'i32', valuesEnd: 'i32', pin: 'i32', divisor: 'f64' } as const;
  return defineFunction('divideByDegree', parameters, { degree: 'i32' }, (v) => {
    const share = f64.div(f64.load(reached, get(v.value)), get(v.divisor));
    return loop([
      set(v.degree, degreeOf(v.pin)),
      f64.store(reached, get(v.value), f64.div(share, divisorOf(v.degree))),
      set(v.pin, i32.add(get(v.pin), i32.const(4))),
      leaveIf(i32.ltU(next(v.value, 8), get(v.valuesEnd)), 0),
    ]);
  });
}

const boardParameters = { amount: 'i32', amountsEnd: 'i32', board: 'i32', values: 'i32' } as const;
const boardLocals = { edge: 'i32', edgesEnd: 'i32', sum: 'f64' } as const;

/** Writes the sum of the shares of each board's pins, in order, as its amount. At least one board. */
function sumBoards(): ModuleFunction {
  return defineFunction('sumBoards', boardParameters, boardLocals, (v) =>
    forEachBoard(v, [
      set(v.sum, f64.const(0)),
      loop([
        set(v.sum, f64.add(get(v.sum), f64.load(reached, valueOf(v)))),
        leaveIf(i32.ltU(next(v.edge, 4), get(v.edgesEnd)), 0),
      ]),
      f64.store(reached, get(v.amount), get(v.sum)),
    ]),
  );
}

/** Adds the amount of each board to the share of each of its pins, in order. At least one board. */
function addBoards(): ModuleFunction {
  const locals = { ...boardLocals, value: 'i32' } as const;
  return defineFunction('addBoards', boardParameters, locals, (v) =>
    forEachBoard(
      v,
      block([
        set(v.sum, f64.load(reached, get(v.amount))),
        leaveIf(i32.eq(f64.gt(get(v.sum), f64.const(0)), i32.const(0)), 0),
        loop([
          set(v.value, valueOf(v)),
          f64.store(reached, get(v.value), f64.add(f64.load(reached, get(v.value)), get(v.sum))),
          leaveIf(i32.ltU(next(v.edge, 4), get(v.edgesEnd)), 0),
        ]),
      ]),
    ),
  );
}

function forEachBoard(
  v: Readonly<Record<keyof typeof boardParameters | keyof typeof boardLocals, Local>>,
  body: Code,
): Code {
  return loop([
    set(v.edgesEnd, i32.load(reached, get(v.board), 4)),
    body,
    set(v.edge, get(v.edgesEnd)),
    set(v.board, i32.add(get(v.board), i32.const(boardBytes))),
    leaveIf(i32.ltU(next(v.amount, 8), get(v.amountsEnd)), 0),
  ]);
}

/** The address of the share that the edge leads to. */
function valueOf({ edge, values }: { readonly edge: Local; readonly values: Local }): Code {
  return i32.add(get(values), i32.shl(i32.load(edges, get(edge)), i32.const(3)));
}

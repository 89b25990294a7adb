import {
  type Code,
  type Local,
  type ModuleFunction,
  block,
  defineFunction,
  encodeModule,
  f64,
  f64x2,
  get,
  i32,
  i64,
  i64x2,
  leaveIf,
  loop,
  set,
  v128,
  when,
} from '../wasm/index.ts';
import { gather, numberPins } from './number-pins.ts';
import { degrees, edges, memories, next, pinToBoard, reached, result } from './reached-code.ts';
import { boardBytes } from './reached-layout.ts';
import { roundSteps } from './round-steps.ts';

/** In the table of degrees: the graph has it. */
export const degreeUnknown = 255;

/** The bytes of a WebAssembly module with the loops of `ReachedPins`, which says what they do. Addresses are byte offsets. */
export function reachedModule(): Uint8Array<ArrayBuffer> {
  return encodeModule(memories, [
    gather(),
    numberPins(),
    readDegrees('readDegrees', false),
    readDegrees('readDegreeBytes', true),
    sumWindow(),
    divideByDegree(),
    roundSteps(),
    sumBoards(),
    addBoards(),
    scan(),
  ]);
}

/**
 * Leaves the degrees of all pins, at least one, in `amounts`: where a table has them as bytes, from there, and from the graph where a byte
 * is too small. A pin of a live graph may have lost all its boards since: then 1, as a divisor.
 */
function readDegrees(name: string, hasTable: boolean): ModuleFunction {
  const parameters = { pin: 'i32', pinsEnd: 'i32', amount: 'i32' } as const;
  const locals = { degree: 'i32' } as const;
  return defineFunction(name, parameters, locals, (v) => {
    const node = i32.load(reached, get(v.pin));
    const inGraph = set(v.degree, i32.load(pinToBoard, i32.shl(node, i32.const(3)), 4));
    const inTable = [
      set(v.degree, i32.load8U(degrees, node)),
      when(i32.eq(get(v.degree), i32.const(degreeUnknown)), inGraph),
    ];
    return loop([
      hasTable ? inTable : inGraph,
      f64.store(
        reached,
        get(v.amount),
        f64.convertI32S(i32.add(get(v.degree), i32.eq(get(v.degree), i32.const(0)))),
      ),
      set(v.amount, i32.add(get(v.amount), i32.const(8))),
      leaveIf(i32.ltU(next(v.pin, 4), get(v.pinsEnd)), 0),
    ]);
  });
}

/** Returns the sum, over the edges of a board, of (share / divisor - excess) / degree, each of the pin; `amounts` has the degrees. */
function sumWindow(): ModuleFunction {
  const parameters = {
    edge: 'i32',
    edgesEnd: 'i32',
    values: 'i32',
    amounts: 'i32',
    divisor: 'f64',
    excess: 'f64',
  } as const;
  return defineFunction('sumWindow', parameters, { place: 'i32', sum: 'f64' }, (v) => {
    const share = f64.div(f64.load(reached, i32.add(get(v.values), get(v.place))), get(v.divisor));
    const degree = f64.load(reached, i32.add(get(v.amounts), get(v.place)));
    return [
      loop([
        set(v.place, i32.shl(i32.load(edges, get(v.edge)), i32.const(3))),
        set(v.sum, f64.add(get(v.sum), f64.div(f64.sub(share, get(v.excess)), degree))),
        leaveIf(i32.ltU(next(v.edge, 4), get(v.edgesEnd)), 0),
      ]),
      f64.store(reached, i32.const(0), get(v.sum), 16),
    ];
  });
}

/** Divides all shares, at least one, by a divisor, then by the degrees of their pins, which `amounts` has. */
function divideByDegree(): ModuleFunction {
  const parameters = { value: 'i32', valuesEnd: 'i32', amount: 'i32', divisor: 'f64' } as const;
  return defineFunction('divideByDegree', parameters, {}, (v) => {
    const share = f64x2.div(v128.load(reached, get(v.value)), f64x2.splat(get(v.divisor)));
    // Two at a time: behind an odd last one is room for another.
    return loop([
      v128.store(reached, get(v.value), f64x2.div(share, v128.load(reached, get(v.amount)))),
      set(v.amount, i32.add(get(v.amount), i32.const(16))),
      leaveIf(i32.ltU(next(v.value, 16), get(v.valuesEnd)), 0),
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

/**
 * Finds shares above `least`: writes their addresses, until there are as many as `foundEnd` says, or one more. Returns where it ended, the end of
 * what it wrote, and how many shares were above 0. At least one share; behind an odd last one is a 0.
 */
function scan(): ModuleFunction {
  const parameters = { value: 'i32', valuesEnd: 'i32', found: 'i32', foundEnd: 'i32', least: 'f64' } as const;
  const locals = { pair: 'v128', counts: 'v128' } as const;
  return defineFunction('scan', parameters, locals, (v) => {
    // Written always, and kept if it is above.
    const check = (offset: number): Code => [
      i32.store(reached, get(v.found), i32.add(get(v.value), i32.const(offset))),
      set(
        v.found,
        i32.add(
          get(v.found),
          i32.shl(f64.gt(f64.load(reached, get(v.value), offset), get(v.least)), i32.const(2)),
        ),
      ),
    ];
    return [
      loop([
        set(v.pair, v128.load(reached, get(v.value))),
        set(v.counts, i64x2.sub(get(v.counts), f64x2.gt(get(v.pair), f64x2.splat(f64.const(0))))),
        when(v128.anyTrue(f64x2.gt(get(v.pair), f64x2.splat(get(v.least)))), [check(0), check(8)]),
        set(v.value, i32.add(get(v.value), i32.const(16))),
        leaveIf(i32.and(i32.ltU(get(v.value), get(v.valuesEnd)), i32.ltU(get(v.found), get(v.foundEnd))), 0),
      ]),
      result(0, get(v.value)),
      result(4, get(v.found)),
      result(8, i32.wrapI64(i64.add(i64x2.low(get(v.counts)), i64x2.high(get(v.counts))))),
    ];
  });
}

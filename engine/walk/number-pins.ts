import {
  type Code,
  type Local,
  type ModuleFunction,
  block,
  defineFunction,
  f64,
  get,
  i32,
  leave,
  leaveIf,
  loop,
  set,
  when,
} from '../wasm/index.ts';
import { boardToPin, edges, next, reached, result, runs, sorted } from './reached-code.ts';
import { boardBytes, log2BucketPins } from './reached-layout.ts';
import { runBytes } from './spread-module.ts';

/** An edge as it is sorted by the bucket of its pin: the pin, and where the edge is. */
export const sortedBytes = 8;

/**
 * Appends the neighbors of runs to the edges, and counts the edges that lead to each bucket of pins. Appends each board to the lists of
 * boards; runs of a board come together. Returns the end of the edges, and that of the list of boards.
 */
export function gather(): ModuleFunction {
  const parameters = {
    runsEnd: 'i32',
    edge: 'i32',
    buckets: 'i32',
    boards: 'i32',
    masses: 'i32',
    amounts: 'i32',
  } as const;
  const locals = {
    run: 'i32',
    neighbor: 'i32',
    neighborsEnd: 'i32',
    pin: 'i32',
    bucket: 'i32',
    board: 'i32',
    last: 'i32',
  } as const;
  return defineFunction('gather', parameters, locals, (v) => [
    set(v.last, i32.const(-1)),
    loop([
      set(v.neighbor, i32.load(runs, get(v.run))),
      set(v.neighborsEnd, i32.load(runs, get(v.run), 4)),
      loop([
        set(v.pin, i32.load(boardToPin, get(v.neighbor))),
        i32.store(edges, get(v.edge), get(v.pin)),
        set(v.bucket, bucketOf(v)),
        i32.store(reached, get(v.bucket), i32.add(i32.load(reached, get(v.bucket)), i32.const(1))),
        set(v.edge, i32.add(get(v.edge), i32.const(4))),
        leaveIf(i32.ltU(next(v.neighbor, 4), get(v.neighborsEnd)), 0),
      ]),
      set(v.board, i32.load(runs, get(v.run), 24)),
      // A window that wraps around is two runs of one board.
      when(i32.eq(i32.eq(get(v.board), get(v.last)), i32.const(0)), [
        set(v.last, get(v.board)),
        i32.store(reached, get(v.boards), i32.load(runs, get(v.run), 28)),
        f64.store(reached, get(v.masses), f64.load(runs, get(v.run), 16)),
        f64.store(reached, get(v.amounts), f64.load(runs, get(v.run), 8)),
        set(v.boards, i32.add(get(v.boards), i32.const(boardBytes))),
        set(v.masses, i32.add(get(v.masses), i32.const(8))),
        set(v.amounts, i32.add(get(v.amounts), i32.const(8))),
      ]),
      i32.store(reached, i32.sub(get(v.boards), i32.const(4)), get(v.edge)),
      leaveIf(i32.ltU(next(v.run, runBytes), get(v.runsEnd)), 0),
    ]),
    result(0, get(v.edge)),
    result(4, get(v.boards)),
  ]);
}

/** The address of the bucket of a pin. */
function bucketOf({ pin, buckets }: { readonly pin: Local; readonly buckets: Local }): Code {
  return i32.add(get(buckets), i32.shl(i32.shrU(get(pin), i32.const(log2BucketPins)), i32.const(2)));
}

/**
 * Numbers the pins that edges lead to, bucket by bucket, and replaces the edges, at least one, by these numbers. Each bucket says where its
 * edges begin among the sorted ones. Returns the number of pins.
 */
export function numberPins(): ModuleFunction {
  const parameters = {
    edgesEnd: 'i32',
    buckets: 'i32',
    bucketsEnd: 'i32',
    numbers: 'i32',
    pins: 'i32',
  } as const;
  const locals = {
    edge: 'i32',
    pin: 'i32',
    bucket: 'i32',
    sortedEdge: 'i32',
    sortedEnd: 'i32',
    size: 'i32',
    sizeBefore: 'i32',
    numberAt: 'i32',
    number: 'i32',
    isNew: 'i32',
  } as const;
  return defineFunction('numberPins', parameters, locals, (v) => {
    const pinAt = (place: Code): Code => i32.add(get(v.pins), i32.shl(place, i32.const(2)));
    const inBucket = i32.and(get(v.pin), i32.const(2 ** log2BucketPins - 1));
    const findNumber = set(v.numberAt, i32.add(get(v.numbers), i32.shl(inBucket, i32.const(2))));
    const number: Code = [
      findNumber,
      set(v.number, i32.load(reached, get(v.numberAt))),
      set(v.isNew, i32.eq(get(v.number), i32.const(0))),
      // Always written, and kept if it is new: whether it is cannot be predicted.
      i32.store(reached, pinAt(get(v.size)), get(v.pin)),
      set(v.size, i32.add(get(v.size), get(v.isNew))),
      set(v.number, i32.or(get(v.number), i32.and(i32.sub(i32.const(0), get(v.isNew)), get(v.size)))),
      i32.store(reached, get(v.numberAt), get(v.number)),
      i32.store(edges, get(v.edge), i32.sub(get(v.number), i32.const(1))),
    ];
    // The next bucket has the same numbers, all 0.
    const clear = loop([
      set(v.pin, i32.load(reached, pinAt(get(v.sizeBefore)))),
      findNumber,
      i32.store(reached, get(v.numberAt), i32.const(0)),
      leaveIf(i32.ltU(next(v.sizeBefore, 1), get(v.size)), 0),
    ]);
    const sort = loop([
      set(v.pin, i32.load(edges, get(v.edge))),
      set(v.bucket, bucketOf(v)),
      set(v.sortedEdge, i32.load(reached, get(v.bucket))),
      i32.store(sorted, get(v.sortedEdge), get(v.pin)),
      i32.store(sorted, get(v.sortedEdge), get(v.edge), 4),
      i32.store(reached, get(v.bucket), i32.add(get(v.sortedEdge), i32.const(sortedBytes))),
      leaveIf(i32.ltU(next(v.edge, 4), get(v.edgesEnd)), 0),
    ]);
    const numberBucket = loop([
      set(v.pin, i32.load(sorted, get(v.sortedEdge))),
      set(v.edge, i32.load(sorted, get(v.sortedEdge), 4)),
      number,
      leaveIf(i32.ltU(next(v.sortedEdge, sortedBytes), get(v.sortedEnd)), 0),
    ]);
    const numberAll = loop([
      set(v.pin, i32.load(edges, get(v.edge))),
      number,
      leaveIf(i32.ltU(next(v.edge, 4), get(v.edgesEnd)), 0),
    ]);
    const numberBuckets = [
      sort,
      set(v.sortedEdge, i32.const(0)),
      loop([
        set(v.sortedEnd, i32.load(reached, get(v.buckets))),
        when(i32.ltU(get(v.sortedEdge), get(v.sortedEnd)), [numberBucket, clear]),
        leaveIf(i32.ltU(next(v.buckets, 4), get(v.bucketsEnd)), 0),
      ]),
    ];
    const hasOne = i32.eq(i32.add(get(v.buckets), i32.const(4)), get(v.bucketsEnd));
    return [
      block([
        block([leaveIf(hasOne, 0), numberBuckets, leave(1)]),
        // A single bucket needs no sorting.
        numberAll,
        clear,
      ]),
      result(0, get(v.size)),
    ];
  });
}

import {
  type Code,
  type Local,
  block,
  f64,
  get,
  i32,
  i32x4,
  i64,
  leave,
  leaveIf,
  loop,
  set,
  tee,
  v128,
  when,
} from '../wasm/index.ts';
import { boardToPin, lanes, pinToBoard, v, visits } from './kernel-variables.ts';
import { laneOffsets, lostNode } from './lane-layout.ts';

/** The entry of an array of lanes, `at` bytes behind the current lane. */
function lane(array: number, at: number): Code {
  return i32.load(lanes, get(v.lane), array + at);
}

export function setLane(array: number, at: number, value: Code): Code {
  return i32.store(lanes, get(v.lane), value, array + at);
}

/**
 * All draws of a round first: nextUint32() of engine/random three times, for four lanes at once. Idle lanes draw as well, up to
 * the next multiple of four; a walker that gets one brings its own random state.
 */
export function drawAll(): Code {
  const { low, high } = v;
  const draw = (take: (drawn: Code) => Code): Code => [
    take(i32x4.mul(get(low), get(v.multiplier))),
    set(high, i32x4.xor(get(high), get(low))),
    set(low, i32x4.xor(i32x4.xor(rotated(low, 26), get(high)), i32x4.shl(get(high), i32.const(9)))),
    set(high, rotated(high, 13)),
  ];
  return [
    set(v.lane, i32.const(0)),
    loop([
      set(low, v128.load(lanes, get(v.lane), laneOffsets.low)),
      set(high, v128.load(lanes, get(v.lane), laneOffsets.high)),
      draw((drawn) => setFour(laneOffsets.boardDraws, drawn)),
      draw((drawn) => setFour(laneOffsets.pinDraws, drawn)),
      // All ones or all zeros: a mask instead of a branch that is mispredicted half of the time.
      draw((drawn) =>
        setFour(
          laneOffsets.restartMasks,
          i32x4.and(i32x4.leU(drawn, get(v.restartMaxes)), get(v.restartMasks)),
        ),
      ),
      setFour(laneOffsets.low, get(low)),
      setFour(laneOffsets.high, get(high)),
      leaveIf(i32.ltS(tee(v.lane, i32.add(get(v.lane), i32.const(16))), get(v.end)), 0),
    ]),
  ];
}

function setFour(array: number, value: Code): Code {
  return v128.store(lanes, get(v.lane), value, array);
}

function rotated(value: Local, left: number): Code {
  return i32x4.or(i32x4.shl(get(value), i32.const(left)), i32x4.shrU(get(value), i32.const(32 - left)));
}

/**
 * Start and degree of a node's slice in one load. It reads them as of one moment, so what engine/live says of readers that load
 * the degree first holds.
 */
function readSlice(memory: number, node: Code): Code {
  return set(v.slice, i64.load(memory, i32.shl(node, i32.const(3))));
}

/** Pin -> position of a random board in its slice. */
export function drawBoard(at: number): Code {
  return [
    readSlice(pinToBoard, lane(laneOffsets.pins, at)),
    setLane(
      laneOffsets.cursors,
      at,
      i32.add(i32.wrapI64(get(v.slice)), below(lane(laneOffsets.boardDraws, at))),
    ),
  ];
}

/** -> that board. */
export function readBoard(at: number): Code {
  const board = neighbor(pinToBoard, v.pinNeighbors, lane(laneOffsets.cursors, at));
  return setLane(laneOffsets.boards, at, board);
}

/** Board -> position of a random pin in its slice. */
export function drawPin(at: number): Code {
  return [
    readSlice(boardToPin, lane(laneOffsets.boards, at)),
    setLane(
      laneOffsets.cursors,
      at,
      i32.add(i32.wrapI64(get(v.slice)), below(lane(laneOffsets.pinDraws, at))),
    ),
  ];
}

/** -> that pin. */
export function readPin(at: number): Code {
  const pin = neighbor(boardToPin, v.boardNeighbors, lane(laneOffsets.cursors, at));
  return setLane(laneOffsets.cursors, at, pin);
}

/** A draw in [0, degree of the slice), by multiply-shift. */
function below(draw: Code): Code {
  const degree = i64.shrU(get(v.slice), i64.const(32));
  return i32.wrapI64(i64.shrU(i64.mul(i64.extendU(draw), degree), i64.const(32)));
}

function neighbor(memory: number, neighbors: Local, position: Code): Code {
  return i32.load(memory, i32.add(get(neighbors), i32.shl(position, i32.const(2))));
}

/**
 * As {@link drawPin}, but from the pins of the board and its phantom pins: a walker that draws one of those reads the board's last pin
 * instead, is counted as lost and restarts.
 */
export function drawPinOrLoss(at: number): Code {
  const { offset, lost } = v;
  const degree = i32.wrapI64(i64.shrU(get(v.slice), i64.const(32)));
  const share = f64.mul(f64.convertI32U(lane(laneOffsets.pinDraws, at)), f64.const(2 ** -32));
  const pins = f64.add(f64.convertI32S(degree), get(v.boardShrinkage));
  return [
    readSlice(boardToPin, lane(laneOffsets.boards, at)),
    set(offset, i32.truncF64(f64.mul(share, pins))),
    // Negative for a phantom pin.
    set(v.found, i32.sub(i32.sub(degree, i32.const(1)), get(offset))),
    set(lost, i32.shrS(get(v.found), i32.const(31))),
    setLane(laneOffsets.losses, at, get(lost)),
    setLane(laneOffsets.restartMasks, at, i32.or(lane(laneOffsets.restartMasks, at), get(lost))),
    set(offset, i32.add(get(offset), i32.and(get(v.found), get(lost)))),
    set(offset, i32.add(i32.wrapI64(get(v.slice)), get(offset))),
    // The last pin of a board that just lost all its pins would be at -1 if its slice starts at 0.
    setLane(
      laneOffsets.cursors,
      at,
      i32.and(get(offset), i32.xor(i32.shrS(get(offset), i32.const(31)), i32.const(-1))),
    ),
  ];
}

export function readPinOrLoss(at: number): Code {
  const pin = neighbor(boardToPin, v.boardNeighbors, lane(laneOffsets.cursors, at));
  const loss = i32.and(lane(laneOffsets.losses, at), i32.const(lostNode));
  return setLane(laneOffsets.cursors, at, i32.or(pin, loss));
}

/**
 * Reads each node's first slot: the branches of the next pass are hard to predict, and a misprediction discards the reads
 * ahead (docs/perf-notes.md).
 */
export function readAhead(at: number, counted: number): Code {
  const { slot, read } = v;
  const hash = i32.mul(lane(counted, at), i32.const(0x9e3779b1));
  return [
    set(slot, i32.shl(i32.shrU(hash, get(v.shift)), i32.const(3))),
    setLane(laneOffsets.slots, at, get(slot)),
    set(read, i32.xor(get(read), i32.load(visits, get(slot)))),
  ];
}

/** Counts the visit (VisitTable.add, inlined), then restarts or stays. */
export function countVisit(at: number, counted: number): Code {
  const { node, slot, found, count, size, reached } = v;
  const isNew = i32.ltS(get(found), i32.const(0));
  const touchedEnd = i32.add(get(v.touched), i32.shl(get(size), i32.const(2)));
  const insert = [
    i32.store(visits, get(slot), get(node)),
    i32.store(visits, get(slot), i32.const(0), 4),
    i32.store(visits, touchedEnd, i32.shrU(get(slot), i32.const(3))),
    set(size, i32.add(get(size), i32.const(1))),
  ];
  const pin = lane(laneOffsets.cursors, at);
  const home = lane(laneOffsets.homes, at);
  const away = i32.and(i32.xor(pin, home), lane(laneOffsets.restartMasks, at));
  return [
    set(node, lane(counted, at)),
    set(slot, lane(laneOffsets.slots, at)),
    block(
      loop([
        leaveIf(i32.eq(tee(found, i32.load(visits, get(slot))), get(node)), 1),
        when(isNew, [insert, leave(2)]),
        set(slot, i32.and(i32.add(get(slot), i32.const(8)), get(v.slotMask))),
        leave(0),
      ]),
    ),
    set(count, i32.add(i32.load(visits, get(slot), 4), i32.const(1))),
    i32.store(visits, get(slot), get(count), 4),
    set(reached, i32.add(get(reached), i32.eq(get(count), get(v.reachCount)))),
    setLane(laneOffsets.pins, at, i32.xor(pin, away)),
  ];
}

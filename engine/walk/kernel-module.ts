import {
  type Code,
  block,
  encodeModule,
  get,
  i32,
  i32x4,
  leave,
  leaveIf,
  loop,
  set,
  tee,
} from '../wasm/index.ts';
import {
  countVisit,
  drawAll,
  drawBoard,
  drawPin,
  drawPinOrLoss,
  readAhead,
  readBoard,
  readPin,
  readPinOrLoss,
  setLane,
} from './kernel-passes.ts';
import { locals, memories, parameters, v } from './kernel-variables.ts';
import { laneOffsets } from './lane-layout.ts';

/** Lanes of one run of a loop: 1.15 times as fast as one (docs/perf-notes.md). */
const unrolled = 4;

/** Name of the variant of the kernel that counts visits at pins or boards, with boards that lose walkers or without. */
export function variantName(counts: 'pins' | 'boards', losesWalkers: boolean): string {
  return losesWalkers ? `${counts}, shrunk` : counts;
}

/**
 * The bytes of a WebAssembly module with the kernel (walk-kernel.ts), one function per variant. Generated at start instead of compiled
 * ahead: no compiler, no binary in the repository, and the loops read as they run.
 */
export function kernelModule(): Uint8Array<ArrayBuffer> {
  const functions = [false, true].flatMap((losesWalkers) =>
    (['pins', 'boards'] as const).map((counts) => ({
      name: variantName(counts, losesWalkers),
      parameters,
      locals,
      body: advanceBody(counts, losesWalkers),
    })),
  );
  return encodeModule(memories, functions);
}

function advanceBody(counts: 'pins' | 'boards', losesWalkers: boolean): Code {
  const counted = counts === 'boards' ? laneOffsets.boards : laneOffsets.cursors;
  const { rounds, busy, end, slotMask, touched, shift } = v;
  // 8 bytes a slot.
  const tableBytes = i32.shl(i32.const(8), i32.sub(i32.const(32), get(shift)));
  return [
    set(end, i32.shl(get(busy), i32.const(2))),
    set(touched, tableBytes),
    set(slotMask, i32.sub(get(touched), i32.const(1))),
    set(v.multiplier, i32x4.splat(i32.const(0x9e3779bb))),
    set(v.restartMaxes, i32x4.splat(get(v.restartMax))),
    set(v.restartMasks, i32x4.splat(get(v.restartMask))),
    loop([
      drawAll(),
      forEachLane((at) => drawBoard(at)),
      forEachLane((at) => readBoard(at)),
      ...(losesWalkers
        ? [forEachLane((at) => drawPinOrLoss(at)), forEachLane((at) => readPinOrLoss(at))]
        : [forEachLane((at) => drawPin(at)), forEachLane((at) => readPin(at))]),
      forEachLane((at) => readAhead(at, counted)),
      forEachLane((at) => countVisit(at, counted)),
      leaveIf(tee(rounds, i32.sub(get(rounds), i32.const(1))), 0),
    ]),
    set(v.lane, i32.const(0)),
    setLane(laneOffsets.results, 0, get(v.size)),
    setLane(laneOffsets.results, 4, get(v.reached)),
    setLane(laneOffsets.results, 8, get(v.read)),
  ];
}

/** One pass: the body for every busy lane, {@link unrolled} of them at a time. */
function forEachLane(body: (at: number) => Code): Code {
  const next = i32.add(get(v.lane), i32.const(4 * unrolled));
  return [
    set(v.lane, i32.const(0)),
    block(
      loop([
        leaveIf(i32.gtS(next, get(v.end)), 1),
        Array.from({ length: unrolled }, (_, i) => body(4 * i)),
        set(v.lane, next),
        leave(0),
      ]),
    ),
    block(
      loop([
        leaveIf(i32.eq(get(v.lane), get(v.end)), 1),
        body(0),
        set(v.lane, i32.add(get(v.lane), i32.const(4))),
        leave(0),
      ]),
    ),
  ];
}

import {
  type Code,
  type ModuleFunction,
  block,
  defineFunction,
  encodeModule,
  get,
  i32,
  i64,
  leave,
  leaveIf,
  loop,
  set,
} from '../wasm/index.ts';
import { comparedMax } from './limits.ts';

const [own, pinToBoard] = [0, 1];

/** Byte offsets: of the count that `count` returns, of the marked boards that it finds, and of the marks, a byte for each board. */
export const countOffset = 0;
export const foundOffset = 4;
export const marksOffset: number = foundOffset + 4 * comparedMax;

/** The bytes of a WebAssembly module with the loops of `BoardMarks`. All parameters are byte offsets but `mark` and `foundMax`. */
export function marksModule(): Uint8Array<ArrayBuffer> {
  const memories = [
    { name: 'own', isShared: false },
    { name: 'pinToBoard', isShared: true },
  ];
  return encodeModule(memories, [setMarks(), count()]);
}

/** Sets the mark of each board of a list. */
function setMarks(): ModuleFunction {
  return defineFunction('setMarks', { at: 'i32', end: 'i32', mark: 'i32' }, {}, (v) =>
    block(
      loop([
        leaveIf(i32.eq(get(v.at), get(v.end)), 1),
        i32.store8(own, i32.load(own, get(v.at)), get(v.mark), marksOffset),
        set(v.at, i32.add(get(v.at), i32.const(4))),
        leave(0),
      ]),
    ),
  );
}

/**
 * Counts the marked boards among some neighbors, and writes the first `foundMax` of them. Every board is written, and kept if its mark
 * is 1: the processor cannot predict a branch. Then four boards a turn, by two 64-bit loads.
 */
function count(): ModuleFunction {
  const parameters = { at: 'i32', end: 'i32', foundMax: 'i32' } as const;
  const locals = { count: 'i32', board: 'i32', foursEnd: 'i32', two: 'i64' } as const;
  return defineFunction('count', parameters, locals, (v) => {
    const next = (bytes: number): Code => [set(v.at, i32.add(get(v.at), i32.const(bytes))), leave(0)];
    const countMark = (board: Code): Code =>
      set(v.count, i32.add(get(v.count), i32.load8U(own, board, marksOffset)));
    const countTwo = (offset: number): Code => [
      set(v.two, i64.load(pinToBoard, get(v.at), offset)),
      countMark(i32.wrapI64(get(v.two))),
      countMark(i32.wrapI64(i64.shrU(get(v.two), i64.const(32)))),
    ];
    return [
      block(
        loop([
          leaveIf(i32.eq(get(v.at), get(v.end)), 1),
          leaveIf(i32.eq(get(v.count), get(v.foundMax)), 1),
          set(v.board, i32.load(pinToBoard, get(v.at))),
          i32.store(own, i32.shl(get(v.count), i32.const(2)), get(v.board), foundOffset),
          countMark(get(v.board)),
          next(4),
        ]),
      ),
      set(v.foursEnd, i32.add(get(v.at), i32.and(i32.sub(get(v.end), get(v.at)), i32.const(-16)))),
      block(loop([leaveIf(i32.eq(get(v.at), get(v.foursEnd)), 1), countTwo(0), countTwo(8), next(16)])),
      block(
        loop([
          leaveIf(i32.eq(get(v.at), get(v.end)), 1),
          countMark(i32.load(pinToBoard, get(v.at))),
          next(4),
        ]),
      ),
      i32.store(own, i32.const(countOffset), get(v.count)),
    ];
  });
}

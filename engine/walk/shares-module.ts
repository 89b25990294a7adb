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
  leave,
  leaveIf,
  loop,
  set,
  tee,
  v128,
  when,
} from '../wasm/index.ts';
import { blockNodes, groupBlocks, valuesOffset } from './shares-layout.ts';

const shares = 0;

/** Byte offsets, within a block, of the pairs of values that a vector holds. */
const pairs = Array.from({ length: blockNodes / 2 }, (_, i) => valuesOffset + 16 * i);

/** The bytes of a WebAssembly module with the loops of `Shares`, which says what they do. */
export function sharesModule(): Uint8Array<ArrayBuffer> {
  return encodeModule([{ name: 'shares', isShared: false }], [clear(), scan()]);
}

const groupParameters = { group: 'i32', groupsEnd: 'i32' } as const;

interface GroupVariables extends Readonly<Record<keyof typeof groupParameters, Local>> {
  readonly mask: Local;
  readonly value: Local;
}
const groupLocals = { mask: 'i32', value: 'i32' } as const;

/**
 * Runs code for each marked block of the groups from `group` on, the byte offset of a group among the marks. `value` is the
 * byte offset of the block's values from the first of all. Runs `afterGroup` after each group: it ends the loop by leaving
 * the outer block.
 */
function forEachMarked(v: GroupVariables, marks: Local, body: Code, afterGroup: Code = []): Code {
  const { group, groupsEnd, mask, value } = v;
  return block(
    loop([
      leaveIf(i32.eq(get(group), get(groupsEnd)), 1),
      // Where marks are set is not predictable, so there is no branch for each of them.
      set(mask, v128.bitmask8(v128.load(shares, i32.add(get(marks), get(group))))),
      block(
        loop([
          leaveIf(i32.eq(get(mask), i32.const(0)), 1),
          set(value, i32.mul(i32.add(get(group), i32.ctz(get(mask))), i32.const(8 * blockNodes))),
          body,
          set(mask, i32.and(get(mask), i32.sub(get(mask), i32.const(1)))),
          leave(0),
        ]),
      ),
      afterGroup,
      set(group, i32.add(get(group), i32.const(groupBlocks))),
      leave(0),
    ]),
  );
}

function clear(): ModuleFunction {
  const parameters = { ...groupParameters, marks: 'i32' } as const;
  return defineFunction('clear', parameters, { ...groupLocals, zero: 'v128' }, (v) =>
    forEachMarked(
      v,
      v.marks,
      pairs.map((at) => v128.store(shares, get(v.value), get(v.zero), at)),
      v128.store(shares, i32.add(get(v.marks), get(v.group)), get(v.zero)),
    ),
  );
}

/**
 * Lists the nodes with values above `least`, until `found` passes `foundEnd`. Returns the next group, the end of the list, and the
 * number of values that are not 0.
 */
function scan(): ModuleFunction {
  const parameters = {
    ...groupParameters,
    marks: 'i32',
    found: 'i32',
    foundEnd: 'i32',
    least: 'f64',
  } as const;
  const locals = {
    ...groupLocals,
    node: 'i32',
    nodesEnd: 'i32',
    leasts: 'v128',
    zero: 'v128',
    values: 'v128',
    above: 'v128',
    counts: 'v128',
  } as const;
  return defineFunction('scan', parameters, locals, (v) => {
    const nodeValue = f64.load(shares, i32.shl(get(v.node), i32.const(3)), valuesOffset);
    return [
      set(v.leasts, f64x2.splat(get(v.least))),
      forEachMarked(
        v,
        v.marks,
        [
          set(v.above, get(v.zero)),
          pairs.map((at) => [
            set(v.values, v128.load(shares, get(v.value), at)),
            set(v.above, v128.or(get(v.above), f64x2.gt(get(v.values), get(v.leasts)))),
            set(v.counts, i64x2.sub(get(v.counts), f64x2.gt(get(v.values), get(v.zero)))),
          ]),
          when(v128.anyTrue(get(v.above)), [
            set(v.node, i32.shrU(get(v.value), i32.const(3))),
            set(v.nodesEnd, i32.add(get(v.node), i32.const(blockNodes))),
            loop([
              // Always written, but kept only if above: a branch would be mispredicted too often.
              i32.store(shares, get(v.found), get(v.node)),
              set(v.found, i32.add(get(v.found), i32.shl(f64.gt(nodeValue, get(v.least)), i32.const(2)))),
              leaveIf(i32.ltU(tee(v.node, i32.add(get(v.node), i32.const(1))), get(v.nodesEnd)), 0),
            ]),
          ]),
        ],
        when(i32.ltU(get(v.foundEnd), get(v.found)), [
          set(v.group, i32.add(get(v.group), i32.const(groupBlocks))),
          leave(2),
        ]),
      ),
      i32.store(shares, i32.const(0), get(v.group)),
      i32.store(shares, i32.const(0), get(v.found), 4),
      i32.store(
        shares,
        i32.const(0),
        i32.wrapI64(i64.add(i64x2.low(get(v.counts)), i64x2.high(get(v.counts)))),
        8,
      ),
    ];
  });
}

import {
  type Code,
  type Local,
  block,
  defineFunction,
  encodeModule,
  get,
  i32,
  i32x4,
  leave,
  leaveIf,
  loop,
  set,
  v128,
} from '../wasm/index.ts';

const vectors = 0;
const work = 1;
/** Coordinates that one turn of the inner loop multiplies. */
export const dimsPerTurn = 16;

/**
 * The bytes of a module whose function `dots` writes the dot products of int8 vectors with a query: vectors from byte `vector` to
 * `end` of the memory `vectors`, `dims` bytes each; the query as int16 at the start of the memory `work`, and the products as int32
 * from byte `product` of it.
 */
export function dotsModule(): Uint8Array<ArrayBuffer> {
  const memories = [
    { name: 'vectors', isShared: true },
    { name: 'work', isShared: false },
  ];
  return encodeModule(memories, [dots()]);
}

function dots(): ReturnType<typeof defineFunction> {
  const parameters = { vector: 'i32', end: 'i32', dims: 'i32', product: 'i32' } as const;
  const locals = { at: 'i32', query: 'i32', last: 'i32', sums: 'v128', zero: 'v128' } as const;
  return defineFunction('dots', parameters, locals, (v) =>
    block(
      loop([
        leaveIf(i32.eq(get(v.vector), get(v.end)), 1),
        set(v.sums, get(v.zero)),
        set(v.query, i32.const(0)),
        set(v.at, get(v.vector)),
        set(v.last, i32.add(get(v.vector), get(v.dims))),
        loop([
          set(v.sums, i32x4.add(get(v.sums), eight(v, 0))),
          set(v.sums, i32x4.add(get(v.sums), eight(v, 8))),
          set(v.query, i32.add(get(v.query), i32.const(2 * dimsPerTurn))),
          set(v.at, i32.add(get(v.at), i32.const(dimsPerTurn))),
          leaveIf(i32.ltU(get(v.at), get(v.last)), 0),
        ]),
        i32.store(work, get(v.product), sumOf(get(v.sums))),
        set(v.product, i32.add(get(v.product), i32.const(4))),
        set(v.vector, get(v.last)),
        leave(0),
      ]),
    ),
  );
}

/** Products of eight coordinates, added up in pairs. */
function eight({ at, query }: { readonly at: Local; readonly query: Local }, offset: number): Code {
  return i32x4.dot(v128.load8x8(vectors, get(at), offset), v128.load(work, get(query), 2 * offset));
}

function sumOf(sums: Code): Code {
  const [a, b, c, d] = i32x4.lanes.map((lane) => lane(sums)) as [Code, Code, Code, Code];
  return i32.add(i32.add(a, b), i32.add(c, d));
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOf, signed, unsigned } from '../../engine/wasm/code.ts';
import { Linker, createMemory, encodeModule, get, i32, set, tee } from '../../engine/wasm/index.ts';

test('a module stores any 32-bit integer at any address, in the memory that an instruction names', () => {
  const memories = ['a', 'b'].map((name) => ({ name, isShared: false }));
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.nat(2 ** 16 - 8), (value, address) => {
      const local = { index: 1 };
      const body = [set(local, i32.const(value)), i32.store(1, get({ index: 0 }), tee(local, get(local)), 4)];
      const bytes = encodeModule(memories, [{ name: 'store', parameters: ['i32'], locals: ['i32'], body }]);
      const [a, b] = [createMemory(1), createMemory(1)];
      new Linker(() => bytes).link(a, { a, b })['store']!(address);
      expect(new DataView(b.buffer).getInt32(address + 4, true)).toBe(value);
      expect(new Uint8Array(a.buffer).every((byte) => byte === 0)).toBe(true);
    }),
  );
});

test('LEB128 has the examples of its definition', () => {
  expect(unsigned(624_485)).toEqual([0xe5, 0x8e, 0x26]);
  expect(signed(-123_456)).toEqual([0xc0, 0xbb, 0x78]);
  expect([signed(63), signed(64), signed(-64), signed(-65)]).toEqual([
    [0x3f],
    [0xc0, 0],
    [0x40],
    [0xbf, 0x7f],
  ]);
  expect(bytesOf([1, [2, [3]], 4])).toEqual([1, 2, 3, 4]);
});

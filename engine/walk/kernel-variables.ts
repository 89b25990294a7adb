import type { Local, ValueType } from '../wasm/index.ts';

/** Memories that the module imports, by index. */
export const lanes = 0;
export const visits = 1;
export const pinToBoard = 2;
export const boardToPin = 3;
export const memories: readonly { readonly name: string; readonly isShared: boolean }[] = [
  { name: 'lanes', isShared: false },
  { name: 'visits', isShared: false },
  { name: 'pinToBoard', isShared: true },
  { name: 'boardToPin', isShared: true },
];

/** Parameters of every variant of the kernel, in order. */
const parameterTypes = {
  busy: 'i32',
  rounds: 'i32',
  /** Byte offsets of the neighbors behind the slices. */
  pinNeighbors: 'i32',
  boardNeighbors: 'i32',
  /** A walker whose draw is at most this returns home, if `restartMask` is -1 and not 0. */
  restartMax: 'i32',
  restartMask: 'i32',
  boardShrinkage: 'f64',
  /** The visit table: 32 - log2 of its capacity, its size, `reachCount`, `reached`. */
  shift: 'i32',
  size: 'i32',
  reachCount: 'i32',
  reached: 'i32',
} as const satisfies Record<string, ValueType>;

const localTypes = {
  lane: 'i32',
  end: 'i32',
  node: 'i32',
  /** Byte offset of a slot in the visit table. */
  slot: 'i32',
  slotMask: 'i32',
  /** Byte offset of the list of slots in use. */
  touched: 'i32',
  found: 'i32',
  count: 'i32',
  offset: 'i32',
  lost: 'i32',
  /** Keeps the reads ahead from being optimized away. */
  read: 'i32',
  /** A slice: the start in its low half, the degree in its high one. */
  slice: 'i64',
  low: 'v128',
  high: 'v128',
  multiplier: 'v128',
  restartMaxes: 'v128',
  restartMasks: 'v128',
} as const satisfies Record<string, ValueType>;

type Name = keyof typeof parameterTypes | keyof typeof localTypes;
const names = [...Object.keys(parameterTypes), ...Object.keys(localTypes)] as Name[];
/** The variables of the kernel by name, parameters first. */
export const v: Readonly<Record<Name, Local>> = Object.fromEntries(
  names.map((name, index) => [name, { index }]),
) as Record<Name, Local>;
export const parameters: readonly ValueType[] = Object.values(parameterTypes);
export const locals: readonly ValueType[] = Object.values(localTypes);

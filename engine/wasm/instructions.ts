import { type Code, signed, unsigned } from './code.ts';

/** A parameter or a local variable of a function. */
export interface Local {
  readonly index: number;
}

type Unary = (operand: Code) => Code;
type Binary = (left: Code, right: Code) => Code;
type Load = (memory: number, address: Code, offset?: number) => Code;
type Store = (memory: number, address: Code, value: Code, offset?: number) => Code;

const unary = (...opcode: number[]): Unary => {
  return (operand) => [operand, opcode];
};
const binary = (...opcode: number[]): Binary => {
  return (left, right) => [left, right, opcode];
};
const load = (log2Alignment: number, ...opcode: number[]): Load => {
  return (memory, address, offset = 0) => [address, opcode, memoryArgument(log2Alignment, memory, offset)];
};
const store = (log2Alignment: number, ...opcode: number[]): Store => {
  return (memory, address, value, offset = 0) => [
    address,
    value,
    opcode,
    memoryArgument(log2Alignment, memory, offset),
  ];
};
/** Opcodes of vectors have a prefix. */
const vector = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];

/** Bit 6 of the alignment says that the index of a memory follows. */
function memoryArgument(log2Alignment: number, memory: number, offset: number): Code {
  return [log2Alignment | 0x40, unsigned(memory), unsigned(offset)];
}

export const get = ({ index }: Local): Code => [0x20, unsigned(index)];
export const set = ({ index }: Local, value: Code): Code => [value, 0x21, unsigned(index)];
/** Sets a variable and leaves its value. */
export const tee = ({ index }: Local, value: Code): Code => [value, 0x22, unsigned(index)];

interface Int32Instructions {
  readonly const: (value: number) => Code;
  readonly load: Load;
  readonly load8U: Load;
  readonly store: Store;
  readonly store8: Store;
  readonly eq: Binary;
  readonly ltS: Binary;
  readonly ltU: Binary;
  readonly gtS: Binary;
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly and: Binary;
  readonly or: Binary;
  readonly xor: Binary;
  readonly shl: Binary;
  readonly shrS: Binary;
  readonly shrU: Binary;
  readonly wrapI64: Unary;
  /** Trailing zeros: the position of the lowest bit set. */
  readonly ctz: Unary;
  /** Towards 0; saturates instead of trapping. */
  readonly truncF64: Unary;
}

export const i32: Int32Instructions = {
  const: (value) => [0x41, signed(value)],
  load: load(2, 0x28),
  load8U: load(0, 0x2d),
  store: store(2, 0x36),
  store8: store(0, 0x3a),
  eq: binary(0x46),
  ltS: binary(0x48),
  ltU: binary(0x49),
  gtS: binary(0x4a),
  add: binary(0x6a),
  sub: binary(0x6b),
  mul: binary(0x6c),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  shl: binary(0x74),
  shrS: binary(0x75),
  shrU: binary(0x76),
  wrapI64: unary(0xa7),
  ctz: unary(0x68),
  truncF64: unary(0xfc, 2),
};

interface Int64Instructions {
  readonly const: (value: number) => Code;
  readonly load: Load;
  readonly add: Binary;
  readonly mul: Binary;
  readonly shrU: Binary;
  readonly extendU: Unary;
}

export const i64: Int64Instructions = {
  const: (value) => [0x42, signed(value)],
  load: load(3, 0x29),
  add: binary(0x7c),
  mul: binary(0x7e),
  shrU: binary(0x88),
  extendU: unary(0xad),
};

interface Float64Instructions {
  readonly const: (value: number) => Code;
  readonly load: Load;
  readonly store: Store;
  readonly gt: Binary;
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  readonly convertI32S: Unary;
  readonly convertI32U: Unary;
}

export const f64: Float64Instructions = {
  const: (value) => [0x44, ...new Uint8Array(new Float64Array([value]).buffer)],
  load: load(3, 0x2b),
  store: store(3, 0x39),
  gt: binary(0x64),
  add: binary(0xa0),
  sub: binary(0xa1),
  mul: binary(0xa2),
  div: binary(0xa3),
  convertI32S: unary(0xb7),
  convertI32U: unary(0xb8),
};

interface BitInstructions {
  readonly load: Load;
  /** Eight signed bytes as 16-bit integers. */
  readonly load8x8: Load;
  readonly store: Store;
  /** Whether any bit is set. */
  readonly anyTrue: Unary;
  /** The highest bit of each of 16 bytes, the first byte's lowest. */
  readonly bitmask8: Unary;
  /** The last eight bytes, twice; runs its operand twice. */
  readonly high: Unary;
  readonly or: Binary;
}

/** 128 bits of any kind. */
export const v128: BitInstructions = {
  load: load(4, ...vector(0x00)),
  load8x8: load(3, ...vector(0x01)),
  store: store(4, ...vector(0x0b)),
  anyTrue: unary(...vector(0x53)),
  bitmask8: unary(...vector(0x64)),
  high: (operand) => [
    operand,
    operand,
    vector(0x0d),
    [8, 9, 10, 11, 12, 13, 14, 15],
    [8, 9, 10, 11, 12, 13, 14, 15],
  ],
  or: binary(...vector(0x50)),
};

/** Two 64-bit floats at once. */
interface FloatVectorInstructions {
  /** The same float twice. */
  readonly splat: Unary;
  /** All ones where left > right; else 0. */
  readonly gt: Binary;
  /** All ones where left ≥ right; else 0. */
  readonly ge: Binary;
  readonly add: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  /** Of the first two of four unsigned 32-bit integers. */
  readonly convertLowI32U: Unary;
}

export const f64x2: FloatVectorInstructions = {
  splat: unary(...vector(0x14)),
  gt: binary(...vector(0x4a)),
  ge: binary(...vector(0x4c)),
  add: binary(...vector(0xf0)),
  mul: binary(...vector(0xf2)),
  div: binary(...vector(0xf3)),
  convertLowI32U: unary(...vector(0xff)),
};

/** Two 64-bit integers at once. */
interface LongVectorInstructions {
  readonly sub: Binary;
  readonly low: Unary;
  readonly high: Unary;
}

export const i64x2: LongVectorInstructions = {
  sub: binary(...vector(0xd1)),
  low: unary(...vector(0x1d), 0),
  high: unary(...vector(0x1d), 1),
};

/** Four 32-bit integers at once. */
interface VectorInstructions {
  /** The same integer four times. */
  readonly splat: Unary;
  readonly add: Binary;
  readonly and: Binary;
  readonly or: Binary;
  readonly xor: Binary;
  readonly mul: Binary;
  /** Products of eight signed 16-bit integers, added up in pairs. */
  readonly dot: Binary;
  /** Each of the four. */
  readonly lanes: readonly Unary[];
  readonly shl: Binary;
  readonly shrU: Binary;
  /** All ones where left ≤ right, unsigned; else 0. */
  readonly leU: Binary;
}

export const i32x4: VectorInstructions = {
  splat: unary(...vector(0x11)),
  leU: binary(...vector(0x3e)),
  and: binary(...vector(0x4e)),
  or: binary(...vector(0x50)),
  xor: binary(...vector(0x51)),
  shl: binary(...vector(0xab)),
  shrU: binary(...vector(0xad)),
  mul: binary(...vector(0xb5)),
  add: binary(...vector(0xae)),
  dot: binary(...vector(0xba)),
  lanes: [0, 1, 2, 3].map((lane) => unary(...vector(0x1b), lane)),
};

const noResult = 0x40;
const end = 0x0b;

/** Runs code if a condition is not 0. Counts as a block for {@link leave}. */
export const when = (condition: Code, then: Code): Code => [condition, 0x04, noResult, then, end];

/** Leaves as many blocks and loops around it as `outwards` says, beyond the innermost; of a loop it starts the next run. */
export const leave = (outwards: number): Code => [0x0c, unsigned(outwards)];
export const leaveIf = (condition: Code, outwards: number): Code => [condition, 0x0d, unsigned(outwards)];

export const block = (body: Code): Code => [0x02, noResult, body, end];
/** Runs once, and again at each {@link leave} from within. */
export const loop = (body: Code): Code => [0x03, noResult, body, end];

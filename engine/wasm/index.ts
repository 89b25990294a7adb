export type { Code } from './code.ts';
export { defineFunction } from './define.ts';
export {
  type Local,
  block,
  f64,
  f64x2,
  get,
  i32,
  i32x4,
  i64,
  i64x2,
  leave,
  leaveIf,
  loop,
  set,
  tee,
  v128,
  when,
} from './instructions.ts';
export { type ModuleFunction, type ValueType, encodeModule } from './module.ts';
export { type Functions, Linker, type Memory, createMemory, memoryBytesMax } from './runtime.ts';

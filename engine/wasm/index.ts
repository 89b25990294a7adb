export type { Code } from './code.ts';
export {
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
  when,
} from './instructions.ts';
export { type ValueType, encodeModule } from './module.ts';
export { type Memory, type Module, compile, createMemory, instantiate, memoryBytesMax } from './runtime.ts';

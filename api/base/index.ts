/** For all of api/, which takes it from here. */
export { moduleBeside } from '../../graph-data/base/index.ts';
export { idempotencyKeySchema } from './idempotency-key.ts';
export { BoundedCache, Sized, listBytes, textBytes } from './bounded-cache.ts';
export { createIds } from './ids.ts';
export type { Immutable } from './immutable.ts';
export { type JsonBytes, JsonParts, jsonBytes, prependFields, valueOfJson } from './json-bytes.ts';
export { LinkedList } from './linked-list.ts';
export { MinuteWindows } from './minute-windows.ts';
export { Problem, type ProblemCode, type RequestFault, problemSchema, problemTypes } from './problems.ts';
export { pointerTo } from './survey.ts';
export { Turns } from './turns.ts';
export { meantBy } from './typos.ts';
export { invalidRequest, noParameters, validate } from './validate.ts';

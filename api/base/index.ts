export { BoundedCache, Sized, listBytes, textBytes } from './bounded-cache.ts';
export { createIds } from './ids.ts';
export type { Immutable } from './immutable.ts';
export { type JsonText, jsonText, prependFields } from './json-text.ts';
export { LinkedList } from './linked-list.ts';
export { MinuteWindows } from './minute-windows.ts';
export { Problem, type ProblemCode, type RequestFault, problemSchema, problemTypes } from './problems.ts';
export { pointerTo } from './survey.ts';
export { invalidRequest, noParameters, validate } from './validate.ts';

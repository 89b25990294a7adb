export { createIds } from './ids.ts';
export { LinkedList } from './linked-list.ts';
export { Problem, type ProblemBody, type ProblemCode, type RequestFault, problemTypes } from './problems.ts';
export { noParameters, validate } from './validate.ts';

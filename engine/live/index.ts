export { type GraphSize, LiveGraph } from './live-graph.ts';
export { normalForm, sizeOf } from './normal-form.ts';
export { type Reserve, checkReserve, withReserve } from './reserve.ts';

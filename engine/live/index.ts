export { type GraphSize, LiveGraph, sizeOf } from './live-graph.ts';
export { type Reserve, checkReserve, withReserve } from './reserve.ts';

export { type GraphSize, LiveGraph, sizeOf } from './live-graph.ts';
export { type Reserve, checkReserve, fittingReserve, withReserve } from './reserve.ts';

export { type WriteStats, WriteThread, type WriteThreadOptions } from './write-thread.ts';

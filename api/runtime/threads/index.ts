export { KeptThread, serveParent } from './kept-thread.ts';
export { runForParent, runInThread } from './run-in-thread.ts';
export { threadLimits } from './thread-limits.ts';

export { runForParent, runInThread } from './run-in-thread.ts';

export { answerParent, runInThread } from './run-in-thread.ts';

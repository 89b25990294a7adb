export { backUp } from './back-up.ts';
export type { BackupProgress } from './progress.ts';
export { restore } from './restore.ts';

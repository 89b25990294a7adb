export { adopt } from './adopt.ts';
export { backUp } from './back-up.ts';
export type { BackupProgress } from './progress.ts';
export { publish } from './publish.ts';
export type { Publication } from './published.ts';
export { followedBy } from './replica-file.ts';
export { restore } from './restore.ts';
export { type PublicationSource, publicationAt } from './source.ts';

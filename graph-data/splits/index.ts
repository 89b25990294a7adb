export { FolderNames } from './folder-names.ts';
export type { NodeName, SplitNames } from './numbering.ts';
export { readFolderSaves } from './read-folder-saves.ts';
export { readSplit } from './read-split.ts';
export { readGraph, readTimedSaves } from './read-timed-saves.ts';

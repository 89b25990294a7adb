export { FolderNames } from './folder-names.ts';
export { readGraph, readSplit } from './read-split.ts';
export { type NodeName, type SplitNames, readFolderSaves, readTimedSaves } from './read-timed-saves.ts';

export { FolderNames } from './folder-names.ts';
export { type Split, readGraph, readSplit } from './read-split.ts';
export {
  type NodeName,
  type ReadGraphOptions,
  type SplitNames,
  readFolderSaves,
  readTimedSaves,
} from './read-timed-saves.ts';

export { type Split, readGraph, readSplit } from './read-split.ts';
export { type ReadGraphOptions, readFolderSaves, readTimedSaves } from './read-timed-saves.ts';

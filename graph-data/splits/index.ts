export { type ReadGraphOptions, type Split, readGraph, readSplit } from './read-split.ts';

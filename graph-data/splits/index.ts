export { type Split, readGraph, readSplit } from './read-split.ts';

export { type QueryTerm, type TextHit, TextSearches } from './search-text.ts';
export {
  type JudgedSearch,
  type SignalWeights,
  chooseWeights,
  idealOf,
  presetWeights,
  weightedSignals,
} from './signal-weights.ts';
export { type TextIndex, findWord, firstWordFrom, pinsOfTerm, indexedWord, wordCount } from './text-index.ts';
export { TextIndexBuilder } from './text-index-builder.ts';

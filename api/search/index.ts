export { type Blend, defaultBlend } from './blend.ts';
export { Highlighter } from './highlight.ts';
export { type RankedPins, type Walks } from './pin-search.ts';
export { type PinPage, type PinSearchOptions, type SearchHit, Searcher } from './searcher.ts';

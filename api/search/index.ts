export { type Blend, defaultBlend } from './blend.ts';
export { Highlighter } from './highlight.ts';
export { type RankedPins, type Walks } from './pin-search.ts';
export type { PinPage, PinSearchOptions, SearchHit } from './pin-page.ts';
export { Searcher } from './searcher.ts';

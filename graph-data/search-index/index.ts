/**
 * The index of the texts of pins and of the boards that hold them, for ranked search: made in a thread from the
 * database and the graph, kept in memory. Nothing of it is stored.
 */
export { buildSearchIndex } from './build-search-index.ts';
export { clickSearches, positionBias } from './click-searches.ts';
export { type ReadQuery, readQuery } from './read-query.ts';
export type { SearchIndex } from './search-index.ts';
export { type Stem, englishStem } from './stem.ts';

export { type SearchHit, Searcher } from './searcher.ts';

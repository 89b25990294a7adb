export { type IsExcluded, type ScoredPin, TopPins } from './top-pins.ts';

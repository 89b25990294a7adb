export { type ScoredPin, TopPins } from './top-pins.ts';

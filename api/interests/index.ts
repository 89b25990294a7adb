export { Interests } from './interests.ts';
export type { Walk } from './walked-pins.ts';

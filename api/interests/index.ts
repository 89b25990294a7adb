export { Interests } from './interests.ts';

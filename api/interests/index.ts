export { Interests, editsMax } from './interests.ts';

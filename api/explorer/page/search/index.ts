export { NodeSearch } from './node-search.tsx';

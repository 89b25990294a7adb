export { ThingSearch } from './thing-search.tsx';

export { TitleCache } from './title-cache.ts';

export { TitleBook } from './title-book.ts';
export { useTitle } from './use-title.ts';

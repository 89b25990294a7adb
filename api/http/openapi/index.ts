export { type ApiDocument, describeApi } from './document.ts';
export { guideOf } from './guide.ts';
export { type PageFile, readPage } from './page.ts';

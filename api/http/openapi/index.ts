export { describeApi } from './document.ts';
export { guideOf } from './guide.ts';
export { readPage } from './page.ts';

export { bundlePage } from './bundle.ts';
export { Explorer, explorerPages } from './serve.ts';

export { Explorer, explorerPages } from './serve.ts';

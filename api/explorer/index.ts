export { explorerPages } from './serve.ts';
